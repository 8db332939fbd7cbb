import { bastion, proxy } from "../../../constructs/edge/spec";
import { flowsOf, hostsOf, said, servicesOf } from "../../model/platform";

describe("a bastion", () => {
  const { description } = said(bastion());
  test("is a small host at the edge", () => expect(hostsOf(description)).toEqual(["bastion bastion edge/10 small"]));
  test("takes SSH with certificates, at its own address", () => {
    expect(servicesOf(description)).toEqual(["bastion on bastion tcp-22 ssh-certificate"]);
    expect(description.services?.[0]?.entrance).toBe("own-address");
  });
  test("is reached by operators, or by whom one says", () => {
    expect(flowsOf(description)).toEqual(["operators -> bastion"]);
    expect(flowsOf(said(bastion({ from: ["a", "b"] })).description)).toEqual(["a -> bastion", "b -> bastion"]);
  });
});

describe("a proxy", () => {
  const { description } = said(proxy());
  test("is a host at the edge", () => expect(hostsOf(description)).toEqual(["proxy proxy edge/11 medium"]));
  test("takes what hosts of the tenancy ask for", () =>
    expect(servicesOf(description)).toEqual([
      "forward-proxy on proxy tcp-3128 none",
      "relay-metrics on proxy tcp-8404 none",
    ]));
  test("alone reaches the internet", () =>
    expect(flowsOf(description)).toEqual(["proxy -> internet tcp-80", "proxy -> internet tcp-443"]));
});

test("an option that is none is told", () => {
  expect(said(bastion({ form: ["a"] } as never)).problems).toEqual(['form ["a"]']);
  expect(said(proxy({ flavor: 7 } as never)).problems).toEqual(["flavor 7"]);
});
