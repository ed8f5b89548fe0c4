// A file that an officer drops or chooses, read in the page: GeoJSON or KML, bounded, and refused with a sentence.
import { FileProblem, Found } from "./geofound.js";
import { readGeoJSON } from "./geojsonfile.js";
import { t } from "./i18n.js";
import { readKML } from "./kmlfile.js";

export const mostBytes = 1_048_576;

/** {shapes: [{footprint, original, start, end}], notes: [sentence]}; throws a FileProblem, whose message is for the officer. */
export async function readGeoFile(file) {
  if (file.size > mostBytes) throw new FileProblem(t("geo.tooLarge", { size: (file.size / 1_048_576).toFixed(1), most: mostBytes / 1_048_576 }));
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new FileProblem(t("geo.packed"));
  const found = new Found(file.name);
  const text = decoded(bytes).trimStart();
  if (text === "") throw new FileProblem(t("geo.empty"));
  if (text[0] === "<") readKML(text, found);
  else if (text[0] === "{" || text[0] === "[") readGeoJSON(text, found);
  else throw new FileProblem(t("geo.neither"));
  if (found.shapes.length === 0) throw new FileProblem([t("geo.none"), ...found.notes].join(" "));
  return { shapes: found.shapes, notes: found.notes };
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FileProblem(t("geo.notUTF8"));
  }
}
