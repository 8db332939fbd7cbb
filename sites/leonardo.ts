import {
  authOTron,
  aviso,
  backups,
  bastion,
  cluster,
  clusterCollector,
  collector,
  datamover,
  ecflow,
  ecpdsMover,
  fdb,
  ingress,
  modules,
  polytope,
  proxy,
  sharedServices,
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
  ofSystem,
  openstack,
  operatorCertificate,
  pending,
  s3,
  service,
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
import { extremesDtCollections, polytopeImages, polytopeSpool } from "./shared/polytope";
import { dailyForecastSoftware, modulesImage } from "./shared/software";

/** What CINECA's modules have of what ours needs, as Spack names them. */
const spack = {
  CMake: ofModule("cmake/3.27.9"),
  Python: ofModule("python/3.11.7"),
  PyYAML: ofModule("py-pyyaml/6.0--gcc--12.2.0"),
  FFTW: ofModule("fftw/3.3.10--openmpi--4.1.6--gcc--12.2.0"),
  netCDF: ofModule("netcdf-c/4.9.2--openmpi--4.1.6--gcc--12.2.0"),
  Eigen: ofModule("eigen/3.4.0--gcc--12.2.0"),
  Boost: ofModule("boost/1.83.0--openmpi--4.1.6--gcc--12.2.0"),
  Qhull: ofSystem,
  ncurses: ofSystem,
  bzip2: ofSystem,
  lz4: ofSystem,
  snappy: ofSystem,
  libaec: ofSystem,
  JasPer: ofSystem,
  "libjpeg-turbo": ofSystem,
  libpng: ofSystem,
  zlib: ofSystem,
  OpenSSL: ofSystem,
  Bison: ofSystem,
  flex: ofSystem,
};
const gnu = ["gcc/12.2.0", "openmpi/4.1.6--gcc--12.2.0"];

/** Of both partitions. */
const ours = {
  toolchain: "SYSTEM",
  modules: assumed(gnu, "CINECA: module avail, modmap -m openmpi"),
  requires: assumed(gnu, "CINECA: module avail, modmap -m openmpi"),
  given: assumed(spack, "CINECA: module avail, modmap; what is on the system: rpm -qa"),
  without: ["loki"],
};

// Facts with their source, and choices; nothing is computed here. Leonardo: docs.hpc.cineca.it, unless said otherwise.

export default site("leonardo", {
  operator: "CINECA",
  support: assumed("superc@cineca.it", "CINECA: its support of users; who answers for the cloud"),
  country: "IT",
  dns: assumed("leonardo.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; polytope.leonardo.apps… is in use"),
  cloud: openstack({
    external: assumed("external", "CINECA names it; openstack network list --external"),
    has: assumed(["swift", "cinder"], "CINECA: openstack catalog list"),
    api: assumed(
      [
        "https://identity.cloud.leonardo.data.destination-earth.eu",
        "https://compute.cloud.leonardo.data.destination-earth.eu",
        "https://network.cloud.leonardo.data.destination-earth.eu",
        "https://volume.cloud.leonardo.data.destination-earth.eu",
      ],
      "CINECA: openstack catalog list; named by analogy with Horizon",
    ),
    resolvers: assumed(["9.9.9.9", "149.112.112.112"], "Quad9, until CINECA names its own"),
    ntp: assumed(["192.53.103.108", "192.53.103.104"], "PTB, until CINECA names its own"),
    images: assumed({ debian12: "deb12000-0000-4000-8000-000000000002" }, "CINECA: openstack image list"),
    flavors: assumed({ small: vm("small", 2, gib(4)), medium: vm("medium", 4, gib(16)), large: vm("large", 16, gib(64)) }, "CINECA: openstack flavor list"),
  }),
  supercomputer: slurm("leonardo", {
    host: "login.leonardo.cineca.it",
    login: pending("CINECA: addresses of login01, 02, 05 and 07-ext.leonardo.cineca.it"),
    hostKeys: pending("CINECA: fingerprints of the login nodes' host keys"),
    nat: pending("CINECA: how compute nodes, which have no internet, reach the bridge"),
    internet: assumed({ login: true, compute: false }, "CINECA; users report it so"),
    auth: operatorCertificate({
      ca: "https://sshproxy.hpc.cineca.it",
      fingerprint: "2ae1543202304d3f434bdc1a2c92eff2cd2b02110206ef06317e70c1c1735ecd",
      lifetime: hours(12),
      renewal: "person", // a browser and a one-time password; a service needs an agreement
    }),
    agreement: pending("CINECA: whether it allows a service to log in unattended, and how"),
    accounts: assumed(
      { production: { ...service("ecmwf-dte", "DestE_booster", "DestE_booster_0"), work: "/leonardo_work/DestE_booster" } },
      "CINECA: users and projects of the agreement",
    ),
    partitions: {
      boost_usr_prod: gpu("sm_80", 4, { host: "icelake", cores: 32, memory: gib(512), walltime: days(1) }),
      dcgp_usr_prod: {
        ...cpu("sapphirerapids", { cores: 112, memory: gib(512), walltime: days(1) }),
        project: assumed("DestE_booster_0", "CINECA: which budget is that of DCGP"),
      },
    },
    qos: assumed(
      {
        boost_qos_dbg: { partitions: ["boost_usr_prod"], walltime: minutes(30), maxJobs: 2 },
        boost_qos_lprod: { partitions: ["boost_usr_prod"], walltime: days(4), maxNodes: 8 },
        dcgp_qos_dbg: { partitions: ["dcgp_usr_prod"], walltime: minutes(30), maxNodes: 2 },
      },
      "CINECA; users' scripts have it so",
    ),
    budget: "saldo", // docs.hpc.cineca.it, Budget and Accounting
    software: {
      prefix: assumed("/leonardo_work/DestE_booster/databridge-modules", "CINECA: a folder of ours that outlives the project"),
      sources: "login",
      python: assumed({ program: "python3", modules: ["python/3.11.7"] }, "CINECA: module avail python"),
      targets: {
        boost_usr_prod: {
          ...ours,
          build: { walltime: hours(6) },
          test: { qos: "boost_qos_dbg", walltime: minutes(30) },
        },
        dcgp_usr_prod: {
          ...ours,
          build: { walltime: hours(6) },
          test: { qos: "dcgp_qos_dbg", walltime: minutes(30) },
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
    acknowledge("image-assumed", ["cloud.images.debian12"], { reason: "CINECA has not named it yet; no server exists", owner: "production-services", until: "2027-05-31" }),
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
        "CINECA: openstack quota show",
      ),
      network: { cidr: "10.36.0.0/20" },
      public: {
        bastion: allocated,
        proxy: pending("CINECA: a fixed address for the proxy, to be registered for callbacks"),
      },
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
          submitsTo: ["leonardo"],
          milestones: dailyForecastMilestones,
          fetchesFrom,
          users: {
            operators: { is: "team", from: ["front-ends"], why: "watch and steer the forecast" },
            prepifs: { is: "front-end", paths: ["/prepifs"], from: ["front-ends"], why: "prepIFS" },
            nexhub: { is: "front-end", paths: ["/nexhub"], from: ["front-ends"], why: "NEXhub" },
            prepml: { is: "front-end", paths: ["/prepml"], from: ["front-ends"], why: "prepML" },
          },
          copies: { at: { site: "lumi", tenancy: "production" }, endpoint: assumed("s3.lumi.data.destination-earth.eu", "CSC: its store, named by analogy with ECMWF's") },
        }),
        fdb({
          stores: 3,
          volume: tib(40),
          fate: "keep",
          layout: extremesDtLayout,
          clients: [{ role: "ecflow-prod" }, { workload: "polytope-fdb-worker" }],
          archiving: datamover({
            outbox: assumed("/leonardo_work/DestE_booster/outbox", "ECMWF: how output leaves Leonardo, whose nodes have no internet, and where its suite leaves what is whole"),
            staging: tib(10),
          }),
        }),
        cluster({ servers: 3, workers: 3, cloud: true }),
        sharedServices(),
        collector({ survives: hours(24), at: mbitPerSecond(20) }),
        clusterCollector({ image: collectorImage }),
        ingress(),
        authOTron({ image: authOTronImage, people: despPeople, accounts: { [notifier.account]: ["writer"] } }),
        aviso({
          address: assumed("aviso.leonardo.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone, and whether its Aviso has the name already"),
          images: avisoImages,
          events: extremesDtEvents,
          notifiers: { "ecflow-prod": notifier }, // it asks the FDB: the datamover archives
          certificate: "brought",
          fate: "keep",
        }),
        polytope({
          address: assumed("polytope.leonardo.apps.dte.destination-earth.eu", "ECMWF: who keeps the zone; it is in use"),
          tags: assumed({ site: "leo", env: "prd" }, "ECMWF: tags of its other Polytopes, which have to differ"),
          images: polytopeImages,
          collections: extremesDtCollections,
          spool: polytopeSpool,
          certificate: "brought",
        }),
        modules({ software: dailyForecastSoftware, on: ["boost_usr_prod", "dcgp_usr_prod"], image: modulesImage }),
        ecpdsMover({
          ...ecpds,
          proxyHost: assumed("dm-leonardo", "ECMWF: how its ECPDS calls the Proxy Host"),
          sendsTo: ["leonardo"],
          volume: assumed(tib(4), "ECMWF: how much arrives in a day, and how long it is valid"),
        }),
        backups(),
      ],
    },
  },
});
