import { backups, bastion, cluster, clusterCollector, collector, gitops, modules, monitoring, proxy, sharedServices, vault, vaultAgent } from "../constructs/specs";
import {
  acknowledge,
  allocated,
  assumed,
  cpu,
  days,
  gib,
  hours,
  mbitPerSecond,
  minutes,
  ofModule,
  ofSystem,
  openstack,
  pending,
  registeredKey,
  s3,
  service,
  site,
  slurm,
  tib,
  vm,
} from "../model/vocabulary";
import { collectorImage } from "./shared/images";
import { dailyForecastSoftware, modulesImage } from "./shared/software";

const gnu = ["prgenv/gnu", "hpcx-openmpi"];

// Facts with their source, and choices; nothing is computed here. What the sites share stands here, never what they need to keep running.

export default site("home", {
  operator: "ECMWF",
  support: assumed("https://support.ecmwf.int", "ECMWF: who of it runs the home cloud"),
  country: assumed("IT", "ECMWF: whether the home cloud stands beside its data centre in Bologna"),
  dns: assumed("home.apps.dte.destination-earth.eu", "ECMWF: by analogy with the bridges"),
  outside: {
    operators: pending("ECMWF: addresses from which operators reach the internet"),
    "front-ends": pending("ECMWF: addresses of prepIFS, NEXhub and prepML"),
    "ecpds-movers": pending("ECMWF: addresses from which its ECPDS data movers reach the internet"),
    observability: pending("ECMWF: addresses that take telemetry for the Observability Platform"),
    mail: pending("ECMWF: addresses of the relay that takes mail from the home cloud"),
  },
  identity: assumed(
    {
      people: { issuer: "https://accounts.ecmwf.int/auth/realms/ecmwf", audience: "databridge", user: "preferred_username" },
      pipelines: { issuer: "https://git.ecmwf.int", audience: "databridge", user: "project_path", groups: "groups_direct", projects: ["dte/data-bridge"] },
    },
    "ECMWF: who issues tokens for people and pipelines, with which claims, and for which project",
  ),
  cloud: openstack({
    external: assumed("external", "ECMWF names it; openstack network list --external"),
    has: assumed(["octavia", "swift"], "ECMWF: openstack catalog list"),
    resolvers: assumed(["9.9.9.9", "149.112.112.112"], "Quad9, until ECMWF names its own"),
    ntp: assumed(["192.53.103.108", "192.53.103.104"], "PTB, until ECMWF names its own"),
    images: assumed({ debian12: "deb12000-0000-4000-8000-000000000004" }, "ECMWF: openstack image list"),
    flavors: assumed({ small: vm("small", 2, gib(4)), medium: vm("medium", 4, gib(16)), large: vm("large", 16, gib(64)) }, "ECMWF: openstack flavor list"),
  }),
  supercomputer: slurm("atos", {
    host: "hpc-login", // ECMWF, HPC2020 user guide
    login: pending("ECMWF: addresses of hpc-login as seen from the home cloud"),
    hostKeys: pending("ECMWF: fingerprints of hpc-login's host keys"),
    nat: pending("ECMWF: addresses of the HPCF's nodes as seen from the home cloud"),
    internet: assumed({ login: true, compute: false }, "ECMWF"),
    auth: assumed(registeredKey("hpc/atos"), "ECMWF"),
    accounts: assumed({ production: service("dte", "dte"), test: service("dte-test", "dte") }, "ECMWF: users and projects of the agreement"),
    partitions: assumed({ par: cpu("zen2", { cores: 128, walltime: days(2), needsQos: true }) }, "ECMWF: BullSequana XH2000 with AMD Rome, partitions chosen by QoS"),
    qos: assumed({ np: {}, nf: {} }, "ECMWF: parallel and fractional"),
    software: {
      prefix: assumed("/ec/res4/dte/databridge-modules", "ECMWF: a folder of ours beside /usr/local/apps"),
      sources: "login",
      python: assumed({ program: "python3", modules: ["python3/3.11.10-01"] }, "ECMWF: module avail python3"),
      targets: {
        par: {
          toolchain: "SYSTEM",
          modules: assumed(gnu, "ECMWF: module avail"),
          requires: assumed(gnu, "ECMWF: module avail"),
          given: assumed(
            {
              CMake: ofModule("cmake"),
              Python: ofModule("python3/3.11.10-01"),
              PyYAML: ofModule("python3/3.11.10-01"),
              "SciPy-bundle": ofModule("python3/3.11.10-01"),
              "Python-bundle-PyPI": ofModule("python3/3.11.10-01"),
              networkx: ofModule("python3/3.11.10-01"),
              tqdm: ofModule("python3/3.11.10-01"),
              pydantic: ofModule("python3/3.11.10-01"),
              FFTW: ofModule("fftw"),
              netCDF: ofModule("netcdf4"),
              Eigen: ofModule("eigen"),
              Boost: ofModule("boost"),
              Qhull: ofModule("qhull"),
              libaec: ofModule("aec"),
              JasPer: ofModule("jasper"),
              ncurses: ofSystem,
              bzip2: ofSystem,
              lz4: ofSystem,
              snappy: ofSystem,
              "libjpeg-turbo": ofSystem,
              libpng: ofSystem,
              zlib: ofSystem,
              OpenSSL: ofSystem,
              Bison: ofSystem,
              flex: ofSystem,
            },
            "ECMWF: module avail; what is on the system",
          ),
          build: { qos: "np", walltime: hours(6) },
          test: { qos: "np", walltime: minutes(30) },
        },
      },
    },
  }),
  acknowledged: [
    acknowledge("image-assumed", ["cloud.images.debian12"], { reason: "ECMWF has not named it yet; no server exists", owner: "production-services", until: "2027-05-31" }),
    acknowledge("stateful-without-backup", ["production.runs.cluster", "production.runs.monitoring"], {
      reason: "copies are made by what runs there, which is not deployed yet",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("stateful-without-backup", ["production.runs.collector"], {
      reason: "a queue: what is in it is on its way to where it is kept",
      owner: "production-services",
      until: "2027-05-31",
    }),
  ],
  tenancies: {
    production: {
      environment: "production",
      owner: "production-services",
      calendar: { forecast: assumed("02:00-09:00", "ECMWF: the window of the daily 4.4 km forecast") },
      quota: assumed(
        { vcpus: 128, ram: gib(512), gigabytes: tib(20), floatingIps: 4, instances: 40, volumes: 40, securityGroups: 30, securityGroupRules: 300 },
        "ECMWF: openstack quota show",
      ),
      network: { cidr: "10.10.0.0/20" },
      public: { bastion: allocated, proxy: allocated },
      state: assumed(
        s3({ bucket: "databridge-state", region: "default", endpoint: "https://s3.central.data.destination-earth.eu" }),
        "ECMWF: a bucket that no stack of ours makes",
      ),
      runs: [
        bastion(),
        proxy(),
        vault({
          servers: 3,
          copies: { at: { site: "lumi", tenancy: "production" }, endpoint: assumed("s3.lumi.data.destination-earth.eu", "CSC: its store, named by analogy with ECMWF's") },
        }),
        vaultAgent(),
        cluster({ servers: 3, workers: 2 }),
        sharedServices(),
        gitops({ artifacts: assumed("oci://eccr.ecmwf.int/dte/data-bridge", "ECMWF: its registry, and where pipelines may push") }),
        monitoring({
          volume: tib(4),
          delivery: { to: "observability", by: "otlp", url: assumed("https://observability.ecmwf.int", "ECMWF: where its platform takes OTLP") },
          teams: assumed(
            {
              "production-services": { email: "production-services@ecmwf.int", onCall: "production-services-on-call@ecmwf.int" },
            },
            "ECMWF: addresses of the teams, and of whoever is on call",
          ),
          mail: assumed({ to: "mail", smarthost: "smtp.ecmwf.int", from: "databridge@ecmwf.int" }, "ECMWF: its relay, which knows hosts by their addresses"),
          heartbeat: assumed({ url: "https://heartbeat.ecmwf.int/databridge" }, "ECMWF: who outside the home cloud misses it"),
        }),
        collector({ survives: hours(24), at: mbitPerSecond(10) }),
        clusterCollector({ image: collectorImage }),
        modules({ software: dailyForecastSoftware, on: ["par"], image: modulesImage }),
        backups(),
      ],
    },
  },
});
