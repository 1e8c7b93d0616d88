// A drawing over the life of its ballot: brought back when the ballot comes on, let go with its answer.

import { fetchBytes } from "../answers.js";
import { inflate } from "../flate.js";
import { forgetStrokes } from "../kept_strokes.js";
import { t } from "../../words.js";

/**
 * Bring back what was drawn: the strokes that this browser keeps, or else the drawing that was sent.
 * @param {import("../drawing.js").Drawing} drawing @param {string} reader
 * @param {import("../answers.js").View} view
 * @param {Promise<unknown>} drafted once the draft of the answer is there
 */
export async function resume(drawing, reader, view, drafted) {
  const { raster } = drawing;
  const [drawn] = await Promise.all([drawing.takeUp(reader, view.key, view.answered_at ?? ""), drafted]);
  if (drawn || !view.drawing) return;
  const packed = await fetchBytes(view.drawing, (status) => t("the server answered with {status}", { status }));
  const bits = await inflate(new Uint8Array(packed));
  // Another ballot may stand there by now, or a new drawing on this one.
  if (drawing.raster === raster && raster.done.length === 0) drawing.restore(bits, "blank");
}

/** An answer is saved: its strokes go. Put aside, a drawing that was begun waits for its reader. @param {import("../kept.js").Answer} answer */
export function letGo({ reader, ballot, body }) {
  const { answer } = /** @type {{ answer?: { kind?: string } }} */ (body);
  if (answer?.kind !== "later") forgetStrokes(reader, ballot).catch(() => {});
}
