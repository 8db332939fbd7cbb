import { join } from "node:path";
import type { PlaceEntry } from "../../model/entries";
import { CloudsError, cloudsFiles, readCloud } from "../../operate/openstack/clouds";
import { CloudError, Session } from "../../operate/openstack/session";
import { world } from "./description";

/** Logs in to the project of a tenancy. @throws CloudsError or CloudError, whose words are for people */
export const sessionAt = (place: PlaceEntry): Promise<Session> => Session.open(readCloud(place.project, files()));

/** In the sandbox nobody's own clouds are looked at. */
const files = (): readonly string[] => (world.name === "sandbox" ? [join(world.work, "clouds.yaml")] : cloudsFiles());

/** Whether an error tells of a cloud, or of the way to it, and not of a defect of ours. */
export const isOfCloud = (error: unknown): error is Error =>
  error instanceof CloudsError || error instanceof CloudError;
