import { parse } from "yaml";
import { userData } from "../../../constructs/openstack/config";

const boot = {
  host: "bastion",
  dns: "bastion.production.north.example.org",
  sshUserCa: "ssh-ed25519 AAAA",
  principal: "ansible@north-production",
};
const text = userData(boot);
const config = parse(text) as {
  users: readonly object[];
  write_files: readonly { path: string; content: string }[];
} & Record<string, unknown>;
const file = (path: string) => config.write_files.find((f) => f.path === path)?.content;

test("user data begins as cloud-init wants it", () => expect(text.split("\n")[0]).toBe("#cloud-config"));

test("the host knows its names and prints the fingerprints of its keys", () => {
  expect(config).toMatchObject({
    hostname: "bastion",
    fqdn: "bastion.production.north.example.org",
    ssh: { emit_keys_to_console: true },
  });
});

test("cloud-init leaves apt's sources to Ansible", () =>
  expect(config.apt).toEqual({ preserve_sources_list: true, generate_mirrorlists: false }));

test("nobody gets in but Ansible, by a certificate of the platform's CA for this tenancy", () => {
  expect(config.users).toEqual([expect.objectContaining({ name: "ansible", lock_passwd: true })]);
  expect(config).toMatchObject({ ssh_pwauth: false, disable_root: true });
  expect(file("/etc/ssh/platform-user-ca.pub")).toBe("ssh-ed25519 AAAA\n");
  expect(file("/etc/ssh/principals/ansible")).toBe("ansible@north-production\n");
  expect(file("/etc/ssh/sshd_config.d/10-platform.conf")).toContain("AuthorizedKeysFile none\n");
});

test("a bastion passes on from its first boot, over an account that has no shell", () => {
  const { users, write_files } = parse(userData({ ...boot, jump: "jump@north-production" }));
  expect(users).toContainEqual({ name: "jump", shell: "/usr/sbin/nologin", lock_passwd: true });
  expect(write_files).toContainEqual(
    expect.objectContaining({ path: "/etc/ssh/principals/jump", content: "jump@north-production\n" }),
  );
});

test("there is no key in it that could open anything", () =>
  expect(text).not.toMatch(/PRIVATE KEY|password:|authorized_keys:/));
