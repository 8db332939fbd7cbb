import type { Json, Stacks } from "./trees";

// Changes as tests plant them in what is committed.

export const lumi = "lumi-production-tenancy";
const trial = "lumi-test-tenancy";
const server = "openstack_compute_instance_v2";
export const volume = "openstack_blockstorage_volume_v3";
const port = "openstack_networking_port_v2";
const rule = "openstack_networking_secgroup_rule_v2";

const of = (stacks: Stacks, type: string, name: string, stack = lumi): Json => stacks[stack].resource[type][name];
const bastion = (stacks: Stacks, stack = lumi): Json => of(stacks, server, "host_bastion_server", stack);
export const door = (stacks: Stacks, extra: object): void => {
  stacks[lumi].resource[rule].group_bastion_new = {
    "//": `${lumi}/group/bastion/new`,
    direction: "ingress",
    ethertype: "IPv4",
    protocol: "tcp",
    port_range_min: 22,
    port_range_max: 22,
    security_group_id: "${openstack_networking_secgroup_v2.group_bastion.id}",
    ...extra,
  };
};

/** A change, the worst that comes of it, and how it is said. */
export const planted: Record<string, readonly [edit: (stacks: Stacks) => void, level: string, said: RegExp]> = {
  "a volume that goes": [
    (stacks) => delete stacks[lumi].resource[volume]["host_fdb-store-1_volume-data"],
    "irreversible",
    /is destroyed: the data of the volume is lost/,
  ],
  "a volume that shrinks": [
    (stacks) => {
      of(stacks, volume, "host_fdb-store-1_volume-data").size = 1;
    },
    "irreversible",
    /cannot shrink to 1/,
  ],
  "a volume that is made anew, since it goes to another zone": [
    (stacks) => {
      of(stacks, volume, "host_fdb-store-1_volume-data").availability_zone = "b";
    },
    "irreversible",
    /made anew, since availability_zone cannot change: the data of the volume is lost/,
  ],
  "a bucket that goes": [
    (stacks) => delete stacks[lumi].resource.openstack_objectstorage_container_v1,
    "irreversible",
    /the bucket and what is in it is lost/,
  ],
  "an image, though the plan says update": [
    (stacks) => {
      bastion(stacks).lifecycle.ignore_changes = ["user_data"];
      bastion(stacks).image_id = "another";
    },
    "irreversible",
    /root disk is rebuilt from another image: deb12.* → another/,
  ],
  "a generation, by which a server is made anew": [
    (stacks) => {
      of(stacks, "terraform_data", "host_bastion_server_generation").input = 2;
    },
    "irreversible",
    /made anew, since terraform_data.host_bastion_server_generation is: what is on its root disk/,
  ],
  "a server's zone, and through it its volumes' attachment": [
    (stacks) => {
      of(stacks, server, "host_ecflow-prod_server").availability_zone = "b";
    },
    "outage",
    /made anew, since openstack_compute_instance_v2.host_ecflow-prod_server is/,
  ],
  "a public address that goes": [
    (stacks) => delete stacks[lumi].resource.openstack_networking_floatingip_v2.host_proxy_public,
    "irreversible",
    /public address that others have written down/,
  ],
  "another bucket for the state": [
    (stacks) => {
      stacks[lumi].terraform.backend.s3.key = "elsewhere";
    },
    "irreversible",
    /another state \(s3.key\): everything would be made a second time/,
  ],
  "another kind of backend": [
    (stacks) => {
      stacks[lumi].terraform.backend = { http: { address: "https://states.example.org/x" } };
    },
    "irreversible",
    /another state \(http, s3\): everything/,
  ],
  "a move onto what is there: Terraform destroys what would move": [
    (stacks) => {
      delete stacks[lumi].resource[server]["host_cluster-worker-3_server"];
      stacks[lumi].moved = [
        { from: `${server}.host_cluster-worker-3_server`, to: `${server}.host_cluster-worker-2_server` },
      ];
    },
    "irreversible",
    /is destroyed: what is on its root disk is lost/,
  ],
  "another cloud": [
    (stacks) => {
      stacks[lumi].provider.openstack[0].cloud = "leonardo-production";
    },
    "irreversible",
    /another cloud/,
  ],
  "a stack that goes": [(stacks) => delete stacks[trial], "irreversible", /the stack is gone/],
  "another flavor": [
    (stacks) => {
      bastion(stacks).flavor_name = "large";
    },
    "outage",
    /stops and is resized: small → large/,
  ],
  "another flavor, in a test": [
    (stacks) => {
      bastion(stacks, trial).flavor_name = "large";
    },
    "review",
    /stops and is resized/,
  ],
  "another way out": [
    (stacks) => {
      of(stacks, "openstack_networking_router_v2", "router").external_network_id = "other";
    },
    "outage",
    /egress address changes/,
  ],
  "another address of a host": [
    (stacks) => {
      of(stacks, port, "host_bastion_port").fixed_ip[0].ip_address = "10.20.0.99";
    },
    "outage",
    /address of the port changes: 10.20.0.10 → 10.20.0.99/,
  ],
  "a door to the internet": [
    (stacks) => door(stacks, { remote_ip_prefix: "0.0.0.0/0" }),
    "review",
    /opens to the internet: tcp 22 of group\/bastion from anybody/,
  ],
  "a door without a word of who may come": [
    (stacks) => door(stacks, {}),
    "review",
    /opens to the internet: tcp 22 of group\/bastion from anybody/,
  ],
  "a door to somebody": [
    (stacks) => door(stacks, { remote_ip_prefix: "193.1.2.0/24" }),
    "review",
    /from 193.1.2.0\/24/,
  ],
  "a door that closes": [
    (stacks) => delete stacks[lumi].resource[rule]["group_baseline_in-tcp-22-from-bastion"],
    "review",
    /closes tcp 22 of group\/baseline from group\/bastion/,
  ],
  "a line that is deleted, and opens a door": [
    (stacks) =>
      delete of(stacks, "openstack_lb_listener_v2", "balancer_cluster-api_cluster-api_listener").allowed_cidrs,
    "review",
    /opens to the internet: tcp 6443 of balancer\/cluster-api from anybody/,
  ],
  "security groups that hold no more": [
    (stacks) => {
      of(stacks, port, "host_bastion_port").port_security_enabled = false;
    },
    "review",
    /whether security groups hold for the port/,
  ],
  "a bucket that everybody may read": [
    (stacks) => {
      of(stacks, "openstack_objectstorage_container_v1", "bucket_backups").container_read = ".r:*";
    },
    "review",
    /who may read the bucket: none → .r:\*/,
  ],
  "something that is kept no more": [
    (stacks) => delete of(stacks, volume, "host_fdb-store-1_volume-data").lifecycle,
    "review",
    /whether Terraform refuses to destroy it/,
  ],
  "a provider's version": [
    (stacks) => {
      stacks[lumi].terraform.required_providers.openstack.version = "3.5.0";
    },
    "review",
    /terraform.required_providers.openstack is another/,
  ],
  "something that is released": [
    (stacks) => {
      delete stacks[lumi].resource[volume]["host_fdb-store-1_volume-data"];
      stacks[lumi].removed = [{ from: `${volume}.host_fdb-store-1_volume-data`, lifecycle: [{ destroy: false }] }];
    },
    "review",
    /leaves the state and stays in the cloud/,
  ],
  "an argument that nobody has thought of": [
    (stacks) => {
      bastion(stacks).force_delete = true;
    },
    "review",
    /another force_delete: none → true/,
  ],
};

const reversed = (value: Json): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      )
    : value;

/** What changes nothing that anybody would notice. */
export const harmless: Record<string, (stacks: Stacks) => void> = {
  "keys in another order": (stacks) => {
    stacks[lumi] = reversed(stacks[lumi]);
  },
  "security groups in another order": (stacks) =>
    void of(stacks, port, "host_bastion_port").security_group_ids.reverse(),
  "what comes first in another order": (stacks) => void bastion(stacks).depends_on.push("terraform_data.x"),
  "ignored changes in another order": (stacks) => void bastion(stacks).lifecycle.ignore_changes.reverse(),
  "another comment": (stacks) => {
    bastion(stacks)["//"] = `${lumi}/elsewhere/bastion`;
  },
  "no comment": (stacks) => delete bastion(stacks)["//"],
  "an image that is ignored": (stacks) => {
    bastion(stacks).image_id = "another";
  },
  "user data that is ignored": (stacks) => {
    bastion(stacks).user_data = "#cloud-config";
  },
  "the description of a rule, ignored": (stacks) => {
    of(stacks, rule, "group_baseline_in-tcp-22-from-bastion").description = "because";
  },
  "another name": (stacks) => {
    bastion(stacks).name = "other";
  },
  "other metadata": (stacks) => {
    bastion(stacks).metadata.owner = "somebody";
  },
  tags: (stacks) => {
    of(stacks, port, "host_bastion_port").tags = ["a"];
  },
  "another description": (stacks) => {
    of(stacks, "openstack_networking_floatingip_v2", "host_bastion_public").description = "x";
  },
  "a time limit": (stacks) => {
    of(stacks, "openstack_lb_listener_v2", "balancer_cluster-api_cluster-api_listener").timeout_client_data = 1;
  },
  "how often health is asked": (stacks) => {
    of(stacks, "openstack_lb_monitor_v2", "balancer_cluster-api_cluster-api_monitor").delay = 7;
  },
  "a new server": (stacks) => {
    stacks[lumi].resource[server].host_new_server = { ...bastion(stacks), "//": `${lumi}/host/new/server/Resource` };
  },
  "a new volume": (stacks) => {
    stacks[lumi].resource[volume].host_new_volume = { "//": `${lumi}/host/new/volume`, name: "n", size: 1 };
  },
  "a new output": (stacks) => {
    stacks[lumi].output = { id: { value: "x" } };
  },
  "a new note in the state": (stacks) => {
    stacks[lumi].resource.terraform_data.new = { "//": `${lumi}/new`, input: 1 };
  },
  "what is checked first": (stacks) => {
    bastion(stacks).lifecycle.precondition = [{ condition: true, error_message: "never" }];
  },
  "a door between roles": (stacks) =>
    door(stacks, { remote_group_id: "${openstack_networking_secgroup_v2.group_proxy.id}" }),
  "a construct that moved, and all that refers to it": (stacks) => {
    const text = JSON.stringify(stacks[lumi]).replaceAll("host_bastion_port", "host_door_port");
    stacks[lumi] = JSON.parse(text);
    stacks[lumi].moved = [{ from: `${port}.host_bastion_port`, to: `${port}.host_door_port` }];
  },
};
