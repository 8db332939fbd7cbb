import { InvalidArgumentError, Option } from "commander";

/** By which closed hours are overridden: what others find the incident by. A word alone names none. */
export const incidentOption = (description: string): Option =>
  new Option("--incident <id>", description).argParser((id: string) => {
    if (/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(id) && /\d/.test(id) && id.length <= 40) return id;
    throw new InvalidArgumentError("letters, digits and dashes, with a number in it: INC-1234.");
  });

export const closedHoursHelp = `
Closed hours: what restarts or interrupts something is refused while the calendar of its tenancy is closed: the forecast
runs, changes are frozen, or the site itself is worked on. What interrupts nothing goes through. --incident overrides, and
is a line in incidents/<site>.jsonl, to be committed: who, when, what, by which incident. In the sandbox nothing is closed.
What begins while it is open is not stopped when it closes.
`;
