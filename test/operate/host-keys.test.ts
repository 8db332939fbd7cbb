import fc from "fast-check";
import { hostKeyIn } from "../../operate/host-keys";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDk2";
const block = (...lines: readonly string[]) =>
  ["-----BEGIN SSH HOST KEY KEYS-----", ...lines, "-----END SSH HOST KEY KEYS-----"].join("\r\n");

test("the key that cloud-init prints is found among all that a console shows", () => {
  const console = `[    0.1] Linux\n${block("ecdsa-sha2-nistp256 AAAAE2 root@x", `${key} root@bastion`, "ssh-rsa AAAAB3 root@x")}\nlogin:`;
  expect(hostKeyIn(console)).toBe(key);
});
test("lines may begin with what the console puts there", () =>
  expect(hostKeyIn(block(`[   12.3] cloud-init[412]: ${key} root@x`))).toBe(key));
test("of two boots that made keys, that of the last", () =>
  expect(hostKeyIn(`${block("ssh-ed25519 AAAAold root@x")}\n${block(`${key} root@x`)}`)).toBe(key));
test.each([
  ["no keys at all", "FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE"],
  ["a block that is cut off", `-----BEGIN SSH HOST KEY KEYS-----\n${key} root@x`],
  ["no key of this kind", block("ssh-rsa AAAAB3 root@x")],
  ["a key outside of the block", `${key} root@evil\n${block("ssh-rsa AAAAB3 root@x")}`],
  ["a key into which another line ran", block("ssh-ed25519 AAAA[ 3.1] usb\u0000 root@x")],
])("%s: none", (_, console) => expect(hostKeyIn(console)).toBeUndefined());
test("anything at all can be read as a console", () =>
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => expect(hostKeyIn(text)).toBeUndefined())));
