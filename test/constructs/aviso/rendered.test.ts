import { parse } from "yaml";
import { storeOf, volumeOf } from "../../../constructs/aviso/capacity";
import { natsText } from "../../../constructs/aviso/nats";
import { aviso } from "../../../constructs/specs";
import { eventsSchema } from "../../../model/site/aviso";
import { days, hours } from "../../../model/vocabulary";
import { said } from "../../model/platform";
import { address, events, options } from "./platform";

const { description } = said(aviso(options()));
const [server, nats] = description.workloads ?? [];
const config = parse(server?.containers[0]?.files?.["/etc/aviso/config.yaml"] ?? "");

test("aviso-server is told of what speaks TLS to NATS, of who says who somebody is, and of nothing else", () => {
  expect(config.application).toEqual({ host: "0.0.0.0", port: 8000, base_url: `https://${address}` });
  expect(config.notification_backend.jetstream.nats_url).toBe("nats://127.0.0.1:4222");
  expect(config.auth).toEqual({
    enabled: true,
    mode: "direct",
    auth_o_tron_url: "http://auth-o-tron.auth-o-tron.svc.cluster.local:8080",
    admin_roles: { platform: ["aviso-admin"] },
    timeout_ms: 5000,
  });
  expect(config.notification_schema_strict).toBe(true);
});

test("an event is a schema: its keys in their order, who reads and writes it, and what is kept", () => {
  expect(config.notification_schema).toEqual({
    mars: {
      payload: { required: false },
      topic: { base: "mars", key_order: ["class", "date", "levtype"] },
      identifier: {
        class: { type: "EnumHandler", values: ["d1"], required: false },
        date: { type: "DateHandler", canonical_format: "%Y%m%d", required: true },
        levtype: { type: "StringHandler", required: false },
      },
      auth: { required: true, read_roles: { people: ["*"] }, write_roles: { platform: ["writer"] } },
      // 7000 of 2 KiB.
      storage_policy: { retention_time: "7d", max_size: "14Mi", allow_duplicates: false, compression: true },
    },
  });
});

test("every type of a key is one of aviso's", () => {
  const all = {
    class: { is: "text", longest: 2 },
    date: { is: "date" },
    time: { is: "time" },
    expver: { is: "expver" },
    number: { is: "integer", from: 0 },
    levelist: { is: "number" },
    type: { is: "one-of", values: ["an", "fc"], what: "analysis or forecast" },
  } as const;
  const mars = { ...events.mars, identifier: all, kept: hours(12), topic: "diss", payload: true, repeats: true };
  const { description } = said(aviso(options({ events: { mars } })));
  const text = description.workloads?.[0]?.containers[0]?.files?.["/etc/aviso/config.yaml"] ?? "";
  const { mars: schema } = parse(text).notification_schema;
  expect(schema.identifier).toEqual({
    class: { type: "StringHandler", max_length: 2, required: false },
    date: { type: "DateHandler", canonical_format: "%Y%m%d", required: false },
    time: { type: "TimeHandler", required: false },
    expver: { type: "ExpverHandler", required: false },
    number: { type: "IntHandler", range: [0, Number.MAX_SAFE_INTEGER], required: false },
    levelist: { type: "FloatHandler", required: false },
    type: { type: "EnumHandler", values: ["an", "fc"], required: false, description: "analysis or forecast" },
  });
  expect([schema.topic.base, schema.payload.required]).toEqual(["diss", true]);
  expect(schema.storage_policy).toMatchObject({ retention_time: "12h", allow_duplicates: true });
});

test("the volume has what is kept of all events, and a quarter more", () => {
  const many = eventsSchema.parse({
    a: { ...events.mars, kept: days(10), perDay: 500_000, bytes: 1024 },
    b: { ...events.mars, kept: days(1), perDay: 1, topic: "b" },
  });
  // 5 000 000 KiB are 4883 MiB.
  expect(storeOf(many)).toBe(4884);
  expect(volumeOf(many).gib).toBe(6);
  expect(natsText(many)).toContain(`max_file_store: ${4884 * 2 ** 20}`);
  expect(nats?.runs).toMatchObject({
    kind: "StatefulSet",
    replicas: 1,
    volume: { path: "/srv/notifications", fate: "keep" },
  });
});

test("NATS knows its clients by a variable, and listens to its own pod alone", () => {
  const [server, door] = nats?.containers ?? [];
  const text = server?.files?.["/etc/nats/nats.conf"] ?? "";
  expect(text).toContain("token: $NATS_TOKEN");
  expect(text).toContain('listen: "127.0.0.1:4223"');
  expect(server?.args).toEqual(["--config", "/etc/nats/nats.conf"]);
  expect(door?.files?.["/etc/nginx/aviso.conf"]).toContain("listen 4222 ssl;");
  expect(door?.files?.["/etc/nginx/aviso.conf"]).toContain("proxy_pass 127.0.0.1:4223;");
});

test("what speaks TLS for aviso-server says its token to nobody but NATS", () => {
  const text = server?.containers[1]?.files?.["/etc/nginx/aviso.conf"] ?? "";
  for (const line of [
    "listen 127.0.0.1:4222;",
    "proxy_pass aviso-nats.aviso.svc.cluster.local:4222;",
    "proxy_ssl_name aviso-nats.aviso.svc.cluster.local;",
    "proxy_ssl_verify on;",
    "proxy_ssl_trusted_certificate /etc/aviso/root.crt;",
  ])
    expect(text).toContain(`${line}\n`);
});

test("what ends TLS hands all on at once, and waits for whoever says that he is alive", () => {
  const { files = {}, scratch } = server?.containers[1] ?? {};
  const text = files["/etc/nginx/aviso.conf"] ?? "";
  for (const line of [
    "listen 8443 ssl;",
    "map $ssl_server_name $tls { default /run/tls; }",
    "ssl_certificate $tls/tls.crt;",
    "proxy_pass http://127.0.0.1:8000;",
    "proxy_buffering off;",
    "proxy_read_timeout 90s;",
  ])
    expect(text).toContain(`${line}\n`);
  expect(scratch).toEqual(["/tmp"]);
});
