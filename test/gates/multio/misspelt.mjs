// Plans that are not as they should be, what MultIO says of them, and what becomes of seven fields.

/** @param {string} text @param {RegExp | string} word @param {string} by */
function exchanged(text, word, by) {
  const spoiled = text.replace(word, by);
  if (spoiled === text) throw new Error(`there is no ${word}`);
  return spoiled;
}

const again = '      - type: "select"\n        match: [{ paramId: 167 }]\n';

/**
 * What is wrong; the word, and what it is exchanged by; why MultIO ends, or nothing, where it goes on without a word; how many fields are in
 * the FDB then.
 * @type {readonly (readonly [string, RegExp | string, string, RegExp | undefined, number])[]}
 */
const faults = [
  ["an action that is none", '"encode"', '"encod"', /No ActionFactory called encod/, 0],
  ["a misspelt match", "match:", "mach:", /MetadataMatcher: Require/, 0],
  ["a misspelt format", "format:", "formt:", /ConfigurationNotFound: \[format\]/, 0],
  ["a misspelt list of sinks", "sinks:", "sink:", /ConfigurationNotFound: \[sinks\]/, 0],
  ["a misspelt key of fields, by which nothing is selected", "paramId:", "paramid:", undefined, 0],
  ["a misspelt key of a file", /(path: .*)/, "$1\n                apend: true", undefined, 7],
  ["a misspelt key of encode", "additional-metadata:", "additional-metadta:", /Key\/value not found for key type/, 0],
  ["a dataset that is not written, without 12", /.*productionStatus.*\n/, "", /Could not find a rule to archive/, 0],
  ["text in place of a number", /(localDefinitionNumber:) 1/, '$1 "1"', /different key type contained/, 0],
  ["a number in place of text", 'expver: "0001"', "expver: 1", /different key type contained/, 0],
  ["a class that the layout has not", 'class: "d1"', 'class: "od"', /Could not find a rule to archive/, 0],
  ["values that nobody encodes", / {6}- type: "encode"[\s\S]*?(?= {6}- type: "sink")/, "", /Cannot find a Decoder/, 0],
  ["a selection of what is encoded, which finds nothing", / {6}- type: "sink"/, `${again}$&`, undefined, 0],
  ["an action behind a sink, and be it none", /$/, '      - type: "none"\n', undefined, 7],
  ["a misspelt fdb_home, by which fields are in another FDB", "fdb_home", "fdbhome", undefined, 0],
];

export const misspelt = faults.map(([what, word, by, says, there]) => ({
  what,
  spoil: (/** @type {string} */ text) => exchanged(text, word, by),
  says,
  there,
}));
