import { type PlaceEntry, pathTo } from "../entries";
import { ingressOf, type Service, shown, speaksTls } from "../site/need";
import { didYouMean, listed, type Problem } from "../words/problem";

/** Services that are entered by an ingress, and could not be. */
export function ingressProblems(place: PlaceEntry): readonly Problem[] {
  const { services, workloads, whole } = place;
  const doors = services.filter(({ said }) => isDoor(said)).map(({ said }) => said.service);
  return services.flatMap(({ said, because }): readonly Problem[] => {
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
}

/** Nodes listen for it, and its pods tell by name who is meant. */
const isDoor = (service: Service): boolean =>
  "workload" in service.on && service.nodePort !== undefined && ingressOf(service) === undefined;
