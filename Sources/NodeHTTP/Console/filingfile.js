// Takes over shapes from a GeoJSON or KML file that is chosen, or dropped anywhere on the page while the form is open.
import { h } from "./dom.js";
import { FileProblem, quoted } from "./geofound.js";
import { readGeoFile } from "./geofile.js";
import { t } from "./i18n.js";

let open = null;

// A file that misses the form must not take the page away with it.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    const isOpen = open?.element.isConnected === true;
    event.dataTransfer.dropEffect = isOpen ? "copy" : "none";
    if (type === "drop" && isOpen) open.take([...event.dataTransfer.files]);
  });
}

/** {element}: `taken(shapes)` with what the file holds. */
export function fileControls({ taken }) {
  const chooser = h("input", {
    type: "file", id: "file-chooser", class: "spoken", tabIndex: -1, accept: ".geojson,.json,.kml,application/geo+json,application/vnd.google-earth.kml+xml",
    "aria-label": t("geo.choose"), onchange: () => {
      take([...chooser.files]);
      // The same file, mended, may be chosen again.
      chooser.value = "";
    },
  });
  const choose = h("button", { type: "button", id: "file-choose", onclick: () => chooser.click() }, t("geo.choose"));
  const said = h("div", { class: "geo-said", role: "status" });
  const problem = h("p", { class: "problem", role: "alert", id: "file-problem" });

  async function take(files) {
    said.replaceChildren();
    problem.textContent = "";
    if (files.length === 0) return;
    if (files.length > 1) return void (problem.textContent = t("geo.oneFile", { n: files.length }));
    const [file] = files;
    try {
      const { shapes, notes } = await readGeoFile(file);
      taken(shapes);
      said.replaceChildren(
        h("p", {}, t("geo.taken", { n: shapes.length, name: quoted(file.name) })),
        ...(notes.length > 0 ? [h("ul", { class: "warning" }, notes.map((note) => h("li", {}, note)))] : []));
    } catch (error) {
      const words = error instanceof FileProblem ? error.message : t("geo.broken", { detail: quoted(error.message) });
      problem.textContent = t("geo.refused", { name: quoted(file.name), detail: words });
    }
  }

  const element = h("div", { class: "geo-file" }, choose, chooser, h("span", { class: "help" }, t("geo.drop")), said, problem);
  open = { element, take };
  return { element };
}
