import { fdb } from "../../../constructs/fdb/spec";
import { gib, tib } from "../../../model/vocabulary";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

test("a catalogue and stores with a volume each, apart where it can be", () => {
  const { description, problems } = said(fdb({ stores: 2, volume: tib(40), fate: "keep" }));
  expect(problems).toEqual([]);
  expect(hostsOf(description)).toEqual([
    "fdb-catalogue fdb-catalogue data/10 large index:500 GiB:keep",
    "fdb-store-1 fdb-store data/11 large data:40 TiB:keep",
    "fdb-store-2 fdb-store data/12 large data:40 TiB:keep",
  ]);
  expect(description.hosts?.map(({ apart }) => apart?.policy)).toEqual([
    undefined,
    "soft-anti-affinity",
    "soft-anti-affinity",
  ]);
});

test("nobody reaches it from outside, since its protocol asks nobody who they are", () => {
  const { description } = said(fdb({ stores: 1, volume: gib(10), fate: "disposable", clients: ["cluster-worker"] }));
  expect(servicesOf(description)).toEqual([
    "fdb-catalogue on fdb-catalogue tcp-10000 none",
    "fdb-store on fdb-store tcp-10000 none",
  ]);
  expect(description.services?.map(({ entrance }) => entrance)).toEqual([undefined, undefined]);
  expect(flowsOf(description)).toEqual([
    "fdb-catalogue -> fdb-store",
    "cluster-worker -> fdb-catalogue",
    "cluster-worker -> fdb-store",
  ]);
});

test("the fate of its data has to be said", () => {
  expect(said(fdb({ stores: 1, volume: gib(10) } as never)).problems).toEqual(["fate undefined"]);
  expect(said(fdb({ stores: 0, volume: gib(0.5), fate: "keep" })).problems).toEqual(["stores 0", 'volume "512 MiB"']);
});
