import type { PlaceEntry, Said } from "./entries";
import { type FlowNeed, ingressOf, type Service } from "./site/need";

/** A service that is entered by an ingress, and that. */
export interface EnteredEntry extends Said<Service> {
  readonly by: Service;
}

export const enteredIn = ({ services }: PlaceEntry): readonly EnteredEntry[] =>
  services.flatMap(({ said, because }) => {
    const by = services.find((each) => each.said.service === ingressOf(said))?.said;
    return by ? [{ said, by, because }] : [];
  });

/** The pods of an ingress meet those behind it; nobody has to say so. Experiments are entered by the same as production. */
export const ingressNeeds = (place: PlaceEntry): readonly Said<FlowNeed>[] =>
  enteredIn(place).flatMap(({ said: { service }, by: { service: name, on }, because }) =>
    "workload" in on
      ? [
          {
            said: {
              need: "flow",
              from: on,
              to: { service },
              why: `${service} is entered by ${name}`,
              acrossEnvironments: true,
            },
            because,
          },
        ]
      : [],
  );
