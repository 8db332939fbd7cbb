import { serviceDns } from "../certificates";
import { type PlaceEntry, pathTo } from "../entries";
import { ingressOf, type Service, shown, speaksTls } from "../site/need";
import { didYouMean, listed, type Problem } from "../words/problem";
import { twice } from "./twice";

/** Services that are entered by an ingress, and could not be. */
export function ingressProblems(place: PlaceEntry): readonly Problem[] {
  const { services, workloads, whole } = place;
  const doors = services.filter(({ said }) => isDoor(said)).map(({ said }) => said.service);
  const unenterable = services.flatMap(({ said, because }): readonly Problem[] => {
    const name = ingressOf(said);
    if (name === undefined) return [];
    const { service, on, traffic, auth } = said;
    const wrong = (value: unknown, allowed: string, fix: string): readonly Problem[] => [
      { path: `${because}.services.${service}.entrance`, value, allowed, fix },
    ];
    const isOurs = "workload" in on && workloads.some((each) => each.said.workload === on.workload);
    return [
      ...(doors.includes(name) || !whole
        ? []
        : wrong(name, `an ingress of ${pathTo(place)}: ${listed(doors)}`, didYouMean(name, doors, "add ingress()"))),
      ...(isOurs || !whole
        ? []
        : wrong("workload" in on ? on.workload : "hosts", "a service on pods of a workload of ours", "relay it")),
      ...(traffic.proto === "tcp" && traffic.from === traffic.to
        ? []
        : wrong(shown(traffic), "one TCP port, to which an ingress leads", "state a service for it")),
      // The name for which clients ask is told in their first words of TLS alone.
      ...(speaksTls(auth)
        ? []
        : wrong(
            auth,
            "a service that speaks TLS, since an ingress passes it on as it is",
            "let it show a certificate, or relay it",
          )),
    ];
  });
  return [...unenterable, ...services.flatMap(notEntered), ...twice(namesIn(place), "name")];
}

/** Relays know nothing of names, and a host is met by its own. */
const notEntered = ({ said, because }: PlaceEntry["services"][number]): readonly Problem[] =>
  said.publicNames === undefined || ingressOf(said) !== undefined
    ? []
    : [
        {
          path: `${because}.services.${said.service}.publicNames`,
          value: said.publicNames,
          allowed: "names of a service that is entered by an ingress",
          fix: 'say entrance: { ingress: "…" }, or leave them out',
        },
      ];

/** All names by which somebody is led to a service: each leads to one. */
const namesIn = (place: PlaceEntry) =>
  place.services
    .filter(({ said }) => ingressOf(said) !== undefined)
    .flatMap(({ said: { service, publicNames = [] }, because }) =>
      [serviceDns(place, service), ...publicNames].map((name) => ({
        name,
        path: `${because}.services.${service}.publicNames`,
        owner: `${because}.services.${service}`,
      })),
    );

/** Nodes listen for it, and its pods tell by name who is meant. */
const isDoor = (service: Service): boolean =>
  "workload" in service.on && service.nodePort !== undefined && ingressOf(service) === undefined;
