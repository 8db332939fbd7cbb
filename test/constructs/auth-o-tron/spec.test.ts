import { parse } from "yaml";
import { providersText } from "../../../constructs/auth-o-tron/server";
import { authOTron } from "../../../constructs/specs";
import { minutes } from "../../../model/vocabulary";
import { flowsOf, said } from "../../model/platform";

const image = `registry.example.org/auth-o-tron:0.3.7@sha256:${"0".repeat(64)}`;
const people = { url: "https://login.example.org", realm: "people" };
const offline = { publicClient: "everybody", privateClient: "platform" };
const accounts = { notifier: ["writer"], "data-store": ["writer", "reader"] };

const containerOf = (options: Parameters<typeof authOTron>[0]) => {
  const { description } = said(authOTron(options));
  return description.workloads?.[0]?.containers[0];
};

test("others find it by a name that stays, within the cluster alone", () => {
  const { description, problems } = said(authOTron({ image, people }));
  expect(problems).toEqual([]);
  expect(description.services).toEqual([
    {
      service: "auth-o-tron",
      on: { workload: "auth-o-tron" },
      traffic: { proto: "tcp", from: 8080, to: 8080 },
      auth: "none",
    },
    {
      service: "auth-o-tron-metrics",
      on: { workload: "auth-o-tron" },
      traffic: { proto: "tcp", from: 9090, to: 9090 },
      auth: "none",
    },
  ]);
  expect(description.workloads?.[0]?.namespace).toBe("auth-o-tron");
  expect(flowsOf(description)).toEqual(["auth-o-tron -> internet tcp-443 through forward-proxy"]);
});

test("whose tokens are taken, follows from one realm", () => {
  expect(providersText(people, {})).toBe(
    '[{type="jwt",name="people-access",iam_realm="people",realm="people",cert_uri="https://login.example.org/realms/people/protocol/openid-connect/certs"}]',
  );
});

test("nothing secret is in its files and in its variables: Kubernetes puts it where its name stands", () => {
  const { description } = said(authOTron({ image, people: { ...people, offline }, accounts }));
  const container = description.workloads?.[0]?.containers[0];
  const text = container?.env?.AOT_PROVIDERS ?? "";
  expect(text).toContain('private_client_secret="$(CLIENT_SECRET)"');
  expect(text).toContain('{username="notifier",password="$(PASSWORD_NOTIFIER)",roles=["writer"]}');
  const read = (description.needs ?? []).flatMap((need) => (need.need === "secret" ? [need] : []));
  expect(read.map(({ secret, key, variable, file }) => [secret, key, variable, file])).toEqual([
    ["auth-o-tron/jwt", "secret", "AOT_JWT__SECRET", "/run/secrets/auth-o-tron/jwt"],
    ["auth-o-tron/client", "secret", "CLIENT_SECRET", "/run/secrets/auth-o-tron/client"],
    ["auth-o-tron/accounts/notifier", "password", "PASSWORD_NOTIFIER", "/run/secrets/auth-o-tron/accounts-notifier"],
    [
      "auth-o-tron/accounts/data-store",
      "password",
      "PASSWORD_DATA_STORE",
      "/run/secrets/auth-o-tron/accounts-data-store",
    ],
  ]);
  // Each variable that a text is made of, is one of these.
  const made = [...text.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name);
  expect(made).toEqual(["CLIENT_SECRET", "PASSWORD_NOTIFIER", "PASSWORD_DATA_STORE"]);
  expect(made.filter((name) => !read.some(({ variable }) => variable === name))).toEqual([]);
  expect(description.secrets?.map(({ secret }) => secret)).toEqual(read.map(({ secret }) => secret));
});

test("long-lived tokens are refused where no client of ours exchanges them", () => {
  expect(containerOf({ image, people })?.env?.AOT_PROVIDERS).not.toContain("openid-offline");
  expect(containerOf({ image, people: { ...people, offline } })?.env?.AOT_PROVIDERS).toContain('type="openid-offline"');
});

test("its word holds as long as is said, and has no secret in it", () => {
  const text = containerOf({ image, people, lifetime: minutes(10) })?.files?.["/etc/auth-o-tron/config.yaml"] ?? "";
  expect(parse(text).jwt).toEqual({ iss: "auth-o-tron", exp: 600 });
});

test("what is no login of others, and an account that may nothing, is refused", () => {
  const of = (is: object) => said(authOTron({ image, people, ...is } as never)).problems;
  expect(of({ people: { url: "http://login.example.org", realm: "people" } })).toEqual([
    'people.url "http://login.example.org"',
  ]);
  expect(of({ accounts: { Notifier: ["writer"] } })).toEqual(['accounts.Notifier "Notifier"']);
  expect(of({ accounts: { notifier: [] } })).toEqual(["accounts.notifier []"]);
  expect(of({ image: "auth-o-tron:latest" })).toEqual(['image "auth-o-tron:latest"']);
});
