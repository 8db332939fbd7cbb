import {
  authOTron,
  aviso,
  backups,
  bastion,
  cluster,
  clusterCollector,
  collector,
  ecflow,
  ecpdsMover,
  fdb,
  ingress,
  modules,
  multio,
  polytope,
  proxy,
  sharedServices,
  transferJob,
  vaultAgent,
} from "../constructs/specs";
import {
  acknowledge,
  allocated,
  assumed,
  cpu,
  days,
  gib,
  gpu,
  hours,
  mbitPerSecond,
  minutes,
  ofModule,
  ofNobody,
  ofSystem,
  openstack,
  registeredKey,
  s3,
  service,
  shared,
  site,
  slurm,
  tib,
  vm,
} from "../model/vocabulary";
import { authOTronImage, despPeople } from "./shared/auth-o-tron";
import { avisoImages, extremesDtEvents, notifier } from "./shared/aviso";
import { collectorImage } from "./shared/images";
import { ecpds, fetchesFrom } from "./shared/inputs";
import { extremesDtLayout } from "./shared/layouts";
import { dailyForecastMilestones } from "./shared/milestones";
import { extremesDtPlans } from "./shared/plans";
import { extremesDtCollections, polytopeImages, polytopeSpool } from "./shared/polytope";
import { dailyForecastSoftware, modulesImage } from "./shared/software";

/** What LUMI's stack has of what ours needs. */
const cray = {
  CMake: ofModule("buildtools/24.03"),
  Bison: ofModule("buildtools/24.03"),
  flex: ofModule("buildtools/24.03"),
  Python: ofModule("cray-python/3.11.7"),
  PyYAML: ofModule("cray-python/3.11.7"),
  FFTW: ofModule("cray-fftw/3.3.10.7"),
  netCDF: ofModule("cray-netcdf/4.9.0.11"),
  Eigen: ofModule("Eigen/3.4.0"),
  Boost: ofModule("Boost/1.83.0-cpeGNU-24.03"),
  Qhull: ofNobody,
  ncurses: ofModule("ncurses/6.4-cpeGNU-24.03"),
  bzip2: ofModule("bzip2/1.0.8-cpeGNU-24.03"),
  lz4: ofModule("lz4/1.9.4-cpeGNU-24.03"),
  snappy: ofModule("snappy/1.1.10-cpeGNU-24.03"),
  libaec: ofModule("libaec/1.0.6-cpeGNU-24.03"),
  JasPer: ofModule("JasPer/4.0.0-cpeGNU-24.03"),
  "libjpeg-turbo": ofModule("libjpeg-turbo/3.0.1-cpeGNU-24.03"),
  libpng: ofModule("libpng/1.6.40-cpeGNU-24.03"),
  zlib: ofModule("zlib/1.3.1-cpeGNU-24.03"),
  OpenSSL: ofSystem,
};

// Facts with their source, and choices; nothing is computed here. LUMI: LUMI user guide (Oct 2024), unless said otherwise.

export default site("lumi", {
  operator: "CSC",
  support: assumed("https://lumi-supercomputer.eu/user-support/need-help", "CSC: LUMI's support of users; who answers for the cloud"),
  country: "FI",
  dns: assumed("lumi.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; polytope.lumi.apps… is in use"),
  cloud: openstack({
    external: assumed("external", "CSC names it; openstack network list --external"),
    has: assumed(["octavia", "swift", "cinder"], "CSC: openstack catalog list"),
    api: assumed(
      [
        "https://identity.cloud.lumi.data.destination-earth.eu",
        "https://compute.cloud.lumi.data.destination-earth.eu",
        "https://network.cloud.lumi.data.destination-earth.eu",
        "https://volume.cloud.lumi.data.destination-earth.eu",
      ],
      "CSC: openstack catalog list; named by analogy with Horizon",
    ),
    resolvers: assumed(["9.9.9.9", "149.112.112.112"], "Quad9, until CSC names its own"),
    ntp: assumed(["192.53.103.108", "192.53.103.104"], "PTB, until CSC names its own"),
    images: assumed({ debian12: "deb12000-0000-4000-8000-000000000001" }, "CSC: openstack image list"),
    flavors: assumed({ small: vm("small", 2, gib(4)), medium: vm("medium", 4, gib(16)), large: vm("large", 16, gib(64)) }, "CSC: openstack flavor list"),
  }),
  supercomputer: slurm("lumi", {
    host: "lumi.csc.fi",
    login: shared("193.167.209.163", "193.167.209.164", "193.167.209.165", "193.167.209.166"), // uan01 to uan04
    hostKeys: ["SHA256:qCFZThjRw8nf0CiZ9rU7b6Zirjq8slAIl5r0xWaVoD0"], // ed25519
    nat: shared("193.167.209.128/26"), // login nodes and the gateways of compute nodes
    internet: { login: true, compute: true },
    auth: registeredKey("hpc/lumi", { portal: "MyAccessID", propagates: hours(24) }), // ed25519 or RSA-4096; some hours, and a day to be safe
    accounts: assumed(
      {
        production: { ...service("ecmwf-dte", "project_465000001"), work: "/scratch/project_465000001" },
        test: { ...service("ecmwf-dte-test", "project_465000002"), work: "/scratch/project_465000002" },
      },
      "CSC: users and projects of the agreement",
    ),
    partitions: {
      standard: cpu("zen3", { cores: 128, memory: gib(256), walltime: days(2), maxNodes: 512 }), // some nodes have more
      "standard-g": gpu("gfx90a", 8, { host: "zen3", cores: 64, walltime: days(2), maxNodes: 1024 }), // 4 MI250X are 8 GPUs for Slurm
      small: cpu("zen3", { cores: 128, walltime: days(3), maxNodes: 4, allocation: "resource" }),
      "small-g": { ...gpu("gfx90a", 8, { host: "zen3", cores: 64, walltime: days(3), allocation: "resource" }), maxNodes: assumed(4, "CSC: as in small") },
      debug: cpu("zen3", { cores: 128, walltime: minutes(30), maxNodes: 4, allocation: "resource" }),
      largemem: { ...cpu("zen3", { cores: 128, walltime: days(1), allocation: "resource" }), maxNodes: assumed(1, "CSC: how many a job may have") },
      "dev-g": gpu("gfx90a", 8, { host: "zen3", cores: 64, walltime: hours(3), maxNodes: 32, allocation: "resource" }),
    },
    budget: assumed("lumi-allocations", "CSC: whether it answers a service that logs in without a terminal"), // lumi-tools, LUMI-SoftwareStack
    software: {
      prefix: assumed("/appl/local/destine/databridge-modules", "CSC: which folder of /appl/local is ours, and its quota of files"),
      umask: "0022",
      sources: "login",
      python: assumed({ program: "python3", modules: ["cray-python/3.11.7"] }, "CSC: module avail cray-python"),
      targets: {
        standard: {
          toolchain: "cpeGNU/24.03",
          modules: ["LUMI/24.03", "partition/C", "EasyBuild-user"], // which brings the toolchains cpe…
          given: assumed(cray, "CSC: module spider, in LUMI/24.03"),
          options: { "ecmwf-atlas": ["-DENABLE_TESSELATION=OFF"] }, // without Qhull
          without: ["loki"],
          build: { partition: "small", walltime: hours(8) },
        },
        "standard-g": {
          toolchain: "cpeGNU/24.03",
          modules: ["LUMI/24.03", "partition/G", "EasyBuild-user"],
          given: assumed(cray, "CSC: module spider, in LUMI/24.03"),
          options: assumed({ "ecmwf-atlas": ["-DENABLE_TESSELATION=OFF"], ecTrans: ["-DENABLE_GPU=OFF"] }, "ECMWF: which compiler builds its code for GPUs of AMD"),
          without: ["loki"],
          build: { partition: "dev-g", walltime: hours(3) },
        },
      },
    },
  }),
  acknowledged: [
    acknowledge("internet-exposed", ["production.runs.aviso", "production.runs.polytope"], {
      reason: "people everywhere listen and ask for data, and prove who they are; nobody keeps a list of where they are",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("unknown-speaker", ["production.runs.ecpds-mover"], {
      reason: "OpenECPDS asks who commands a mover for no password: addresses that are ECMWF's alone are the fence",
      owner: "production-services",
      until: "2027-05-31",
    }),
    acknowledge("image-assumed", ["cloud.images.debian12"], { reason: "CSC has not named it yet; no server exists", owner: "production-services", until: "2027-05-31" }),
    acknowledge("stateful-without-backup", ["production.runs.fdb", "production.runs.cluster"], {
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
        { vcpus: 256, ram: gib(1024), gigabytes: tib(200), floatingIps: 4, instances: 40, volumes: 40, securityGroups: 30, securityGroupRules: 300 },
        "CSC: openstack quota show",
      ),
      network: { cidr: "10.20.0.0/20" },
      public: { bastion: allocated, proxy: allocated },
      state: assumed(
        s3({ bucket: "databridge-state", region: "default", endpoint: "https://s3.central.data.destination-earth.eu" }),
        "ECMWF: a bucket that no stack of ours makes",
      ),
      runs: [
        bastion(),
        proxy(),
        vaultAgent(),
        ecflow("prod", {
          standby: true,
          submitsTo: ["lumi"],
          milestones: dailyForecastMilestones,
          fetchesFrom,
          users: {
            operators: { is: "team", from: ["front-ends"], why: "watch and steer the forecast" },
            prepifs: { is: "front-end", paths: ["/prepifs"], from: ["front-ends"], why: "prepIFS" },
            nexhub: { is: "front-end", paths: ["/nexhub"], from: ["front-ends"], why: "NEXhub" },
            prepml: { is: "front-end", paths: ["/prepml"], from: ["front-ends"], why: "prepML" },
          },
          copies: {
            at: { site: "leonardo", tenancy: "production" },
            endpoint: assumed("s3.leonardo.data.destination-earth.eu", "CINECA: its store, named by analogy with ECMWF's"),
          },
        }),
        fdb({
          stores: 3,
          volume: tib(40),
          fate: "keep",
          layout: extremesDtLayout,
          clients: [{ workload: "polytope-fdb-worker" }],
          archiving: transferJob({ key: "$HOME/.ssh/databridge-fdb", authorized: assumed([], "ECMWF: the key of its account at LUMI, once it is made") }),
        }),
        multio("forecast", {
          home: assumed("/appl/local/destine/fdb", "ECMWF: whether Extremes DT writes into the FDB that the Climate DT has at LUMI"),
          plans: extremesDtPlans,
        }),
        cluster({ servers: 3, workers: 3, cloud: true }),
        sharedServices(),
        collector({ survives: hours(24), at: mbitPerSecond(20) }),
        clusterCollector({ image: collectorImage }),
        ingress(),
        authOTron({ image: authOTronImage, people: despPeople, accounts: { [notifier.account]: ["writer"] } }),
        aviso({
          address: assumed("aviso.lumi.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone, and whether its Aviso has the name already"),
          images: avisoImages,
          events: extremesDtEvents,
          notifiers: { "ecflow-prod": notifier },
          jobs: ["lumi"],
          certificate: "brought",
          fate: "keep",
        }),
        polytope({
          address: assumed("polytope.lumi.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; it is in use"),
          tags: assumed({ site: "lum", env: "prd" }, "ECMWF: tags of its other Polytopes, which have to differ"),
          images: polytopeImages,
          collections: extremesDtCollections,
          spool: polytopeSpool,
          certificate: "brought",
        }),
        modules({ software: dailyForecastSoftware, on: ["standard", "standard-g"], image: modulesImage }),
        ecpdsMover({
          ...ecpds,
          proxyHost: assumed("dm-lumi", "ECMWF: how its ECPDS calls the Proxy Host"),
          sendsTo: ["lumi"],
          volume: assumed(tib(4), "ECMWF: how much arrives in a day, and how long it is valid"),
        }),
        backups(),
      ],
    },
    test: {
      environment: "test",
      owner: "production-services",
      quota: assumed({ vcpus: 64, ram: gib(256), gigabytes: tib(10), floatingIps: 2 }, "CSC: openstack quota show"),
      network: { cidr: "10.21.0.0/20" },
      public: { bastion: allocated, proxy: allocated },
      state: assumed(
        s3({ bucket: "databridge-state", region: "default", endpoint: "https://s3.central.data.destination-earth.eu" }),
        "ECMWF: a bucket that no stack of ours makes",
      ),
      runs: [
        bastion(),
        proxy(),
        vaultAgent(),
        ecflow("test", { submitsTo: ["lumi"], fate: "disposable" }),
        fdb({ stores: 1, volume: tib(2), fate: "disposable", layout: extremesDtLayout }),
        collector({ survives: hours(4), at: mbitPerSecond(5), fate: "disposable" }),
      ],
    },
  },
});
