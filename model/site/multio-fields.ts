import { z } from "zod";
import { type Fields, whole, word } from "../words/parse";

/**
 * What is known of a field on its way, by MultIO's names. A value of another kind ends the model's process at its first field; a name that
 * no field has selects nothing, and nobody is told.
 * @see multio, src/multio/datamod/Glossary.h, src/multio/message/MetadataMatcher.cc
 */
export interface FieldsWith {
  readonly category?: Texts;
  readonly class?: Texts;
  readonly dataset?: Texts;
  readonly domain?: Texts;
  readonly expver?: Texts;
  readonly gridType?: Texts;
  readonly levtype?: Texts;
  /** As the model calls it: `sst`. */
  readonly name?: Texts;
  readonly nemoParam?: Texts;
  /** The number of a parameter, as text: `"167"`. */
  readonly param?: Texts;
  readonly stream?: Texts;
  readonly type?: Texts;
  readonly typeOfLevel?: Texts;
  readonly endStep?: Wholes;
  readonly level?: Wholes;
  readonly levelist?: Wholes;
  /** The same number, as a number: `167`. */
  readonly paramId?: Wholes;
  readonly startStep?: Wholes;
  readonly step?: Wholes;
}
/** A text, or some of which a field has one. */
type Texts = string | readonly string[];
/** A whole number, or some of which a field has one. */
type Wholes = number | readonly number[];

/**
 * What is said of fields as they are encoded: over what is known of them, and over the template.
 * @see multio, src/multio/action/encode/GribEncoder.cc
 */
export interface SaidOfFields {
  readonly class?: string;
  /** Written only where `productionStatusOfProcessedData` is 12, and the message has a local section. */
  readonly dataset?: string;
  readonly expver?: string;
  readonly setPackingType?: string;
  readonly stream?: string;
  readonly type?: string;
  readonly typeOfLevel?: string;
  readonly bitsPerValue?: number;
  readonly generatingProcessIdentifier?: number;
  readonly grib2LocalSectionNumber?: number;
  readonly localDefinitionNumber?: number;
  readonly localTablesVersion?: number;
  /** 8 for what was computed over a time. */
  readonly productDefinitionTemplateNumber?: number;
  /** 12 for products of Destination Earth. @see eccodes, definitions/grib2/tables/1.3.table */
  readonly productionStatusOfProcessedData?: number;
  readonly setLocalDefinition?: number;
  readonly subCentre?: number;
  readonly tablesVersion?: number;
}

const text = word(
  (v) => (typeof v === "string" && /^[\w.+-]+( [\w.+-]+)*$/.test(v) ? v : undefined),
  "text of letters, digits, dots and dashes, as fields have it",
  (v) => (typeof v === "number" ? `write "${v}"` : "write it as fields have it"),
);
const number = whole(-1e9, 1e9, "a whole number", "write it as a number");

const some = <T>(one: z.ZodType<T>) =>
  z
    .unknown()
    .transform((value): readonly unknown[] => (Array.isArray(value) ? value : [value]))
    .pipe(z.array(one).min(1));
const [texts, numbers] = [some(text).exactOptional(), some(number).exactOptional()];

export const fieldsWithSchema = z.strictObject({
  category: texts,
  class: texts,
  dataset: texts,
  domain: texts,
  expver: texts,
  gridType: texts,
  levtype: texts,
  name: texts,
  nemoParam: texts,
  param: texts,
  stream: texts,
  type: texts,
  typeOfLevel: texts,
  endStep: numbers,
  level: numbers,
  levelist: numbers,
  paramId: numbers,
  startStep: numbers,
  step: numbers,
} satisfies Fields<FieldsWith>);

const [oneText, oneNumber] = [text.exactOptional(), number.exactOptional()];

export const saidOfFieldsSchema = z
  .strictObject({
    class: oneText,
    dataset: oneText,
    expver: oneText,
    setPackingType: oneText,
    stream: oneText,
    type: oneText,
    typeOfLevel: oneText,
    bitsPerValue: oneNumber,
    generatingProcessIdentifier: oneNumber,
    grib2LocalSectionNumber: oneNumber,
    localDefinitionNumber: oneNumber,
    localTablesVersion: oneNumber,
    productDefinitionTemplateNumber: oneNumber,
    productionStatusOfProcessedData: oneNumber,
    setLocalDefinition: oneNumber,
    subCentre: oneNumber,
    tablesVersion: oneNumber,
  } satisfies Fields<SaidOfFields>)
  .refine(
    ({ dataset, productionStatusOfProcessedData }) => dataset === undefined || productionStatusOfProcessedData === 12,
    {
      params: {
        allowed: "a dataset with productionStatusOfProcessedData 12: without, it is not written",
        fix: "write productionStatusOfProcessedData: 12",
      },
    },
  );
