import type { PlaceEntry, Said } from "../entries";
import type { Roles } from "../site/aviso";
import type { StatedVouching } from "../site/vouching";
import { didYouMean, listed, type Problem } from "../words/problem";
import { own, pathOf } from "../words/record";

/** Whom a service asks who somebody is; nothing, where nobody states whom it knows. */
export const vouchingFor = (place: PlaceEntry, service: string): Said<StatedVouching> | undefined =>
  place.vouching.find(({ said }) => said.vouching === service);

/** Realms that who vouches has not, and roles of accounts that none of these has: nobody would ever be let in by them. Of people, somebody else knows. */
export const roleProblems = (
  { said: { people, platform, accounts }, because }: Said<StatedVouching>,
  roles: Roles,
  path: string,
): readonly Problem[] => {
  const realms = [people, platform];
  const known = [...new Set(Object.values(accounts).flat())];
  return [
    ...Object.keys(roles)
      .filter((realm) => !realms.includes(realm))
      .map((realm) => ({
        path: pathOf(path, realm),
        value: realm,
        allowed: `a realm of ${because}: ${listed(realms)}`,
        fix: didYouMean(realm, realms, "write one of them: of another nobody is let in"),
      })),
    ...(own(roles, platform) ?? [])
      .filter((role) => !known.includes(role))
      .map((role) => ({
        path: pathOf(path, platform),
        value: role,
        allowed: `a role of an account of ${pathOf(because, "accounts")}: ${listed(known)}`,
        fix: didYouMean(role, known, "give it to one of them"),
      })),
  ];
};
