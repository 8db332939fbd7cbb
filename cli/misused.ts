/** Thrown for a call that cannot be understood, though the command could. */
export class Misused extends Error {}
