import { ofHosts } from "../../model/certificates";
import { pathTo } from "../../model/entries";
import { counted } from "../../model/words/problem";
import type { Rule } from "../rule";

export const secretsByHand: Rule = {
  name: "secrets-by-hand",
  asks: "Hosts that read secrets, or show certificates, fetch them by an agent.",
  why: "What people copy is copied again, forgotten, and found to have run out at three in the morning.",
  fix: "add vaultAgent() to the tenancy, and vault() where secrets are kept",
  judge: ({ places, secrets, certificates }) =>
    places.flatMap((place) => {
      const readers = secrets.flatMap((secret) => secret.readers).filter((reader) => reader.place.id === place.id);
      const shown = ofHosts(certificates).filter((each) => each.place.id === place.id);
      if (readers.length + shown.length === 0) return [];
      const target = `${pathTo(place)}.runs`;
      const count = new Set([...readers, ...shown].map(({ role }) => role)).size;
      return place.agents.length > 0
        ? [{ target }]
        : [
            {
              target,
              unwise: `nothing fetches secrets and certificates for ${counted(count, "role")}`,
            },
          ];
    }),
};
