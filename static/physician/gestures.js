// Mouse, pen, fingers and wheel on the stage, told as what they mean.

/** @typedef {import("./view.js").Point} Point */

/**
 * @typedef {object} Hands what the stage does when it is touched; points are in the panel's pixels
 * @property {() => boolean} draws whether a plain drag draws
 * @property {() => boolean} pans whether a plain drag pans (a key is held)
 * @property {(target: EventTarget | null) => void} tap a click that did not move
 * @property {() => void} doubleTap
 * @property {(dx: number, dy: number) => void} window
 * @property {(dx: number, dy: number, target: EventTarget | null) => void} pan
 * @property {(factor: number, point: Point, target: EventTarget | null) => void} zoom
 * @property {(points: (Point & { pressure?: number })[], phase: "start" | "move" | "end" | "cancel", erase: boolean) => void} draw
 * @property {(point: Point | null, target: EventTarget | null) => void} hover
 * @property {(steps: number) => void} size the wheel with Shift
 */

const STILL = 4;
const DOUBLE = 350;
/** How long a wheel that turned sideways is taken for two fingers on a pad, in milliseconds. */
const PAD = 400;

/** @param {MouseEvent} event @returns {Point} */
function place(event) {
  const panel = event.target instanceof Element ? event.target.closest(".panel") : null;
  const box = panel?.getBoundingClientRect() ?? { left: 0, top: 0 };
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/**
 * @param {HTMLElement} stage
 * @param {Hands} hands
 */
export function handle(stage, hands) {
  /** Fingers, pens and buttons that are down. @type {Map<number, PointerEvent>} */
  const down = new Map();
  /** @type {"tap" | "window" | "pan" | "zoom" | "draw" | "pinch" | null} */
  let act = null;
  let start = { x: 0, y: 0 };
  let lastTap = -Infinity;
  let padUntil = -Infinity;
  // A hand that rests beside the pen is not a finger that draws.
  let penSeen = false;

  /** @param {PointerEvent} event @returns {typeof act} */
  function meaning(event) {
    if (event.button === 1 || hands.pans()) return "pan";
    if (event.button === 2) return "zoom";
    if (!hands.draws()) return "tap";
    return event.pointerType === "touch" && penSeen ? "pan" : "draw";
  }

  stage.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof HTMLCanvasElement)) return;
    if (event.pointerType === "touch" && [...down.values()].some(({ pointerType }) => pointerType === "pen")) return;
    if (event.pointerType === "pen") forgetHand();
    event.target.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    if (down.size === 2 && event.pointerType === "touch") {
      // The first finger was no brush: it came to zoom.
      if (act === "draw") hands.draw([], "cancel", false);
      act = "pinch";
      return;
    }
    if (down.size > 1) return;
    act = meaning(event);
    start = { x: event.clientX, y: event.clientY };
    // A pen's own eraser, where it has one, is button 5.
    if (act === "draw") hands.draw([touch(event, event)], "start", event.button === 5);
  });

  stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (event.target instanceof HTMLCanvasElement) hands.hover(place(event), event.target);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    if (act === "tap" && Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL) act = "window";
    if (act === "pinch") pinch(event, before);
    if (act === "window") hands.window(dx, dy);
    if (act === "pan") hands.pan(dx, dy, event.target);
    if (act === "zoom") hands.zoom(Math.exp(-dy / 150), pointOf(start, event), event.target);
    if (act === "draw") hands.draw(track(event), "move", false);
    if (act !== "tap") down.set(event.pointerId, event);
  });

  /** @param {Point} point in the window @param {PointerEvent} event @returns {Point} in the event's panel */
  function pointOf(point, event) {
    const at = place(event);
    return { x: at.x + point.x - event.clientX, y: at.y + point.y - event.clientY };
  }

  /** All the places that a fast pen passed since the last frame. @param {PointerEvent} event */
  function track(event) {
    const events = event.getCoalescedEvents?.() ?? [];
    return (events.length ? events : [event]).map((one) => touch(one, event));
  }

  /** Where a pen, finger or mouse was, and how hard a pen pressed. @param {PointerEvent} one @param {PointerEvent} event that brings it */
  function touch(one, event) {
    const at = pointOf({ x: one.clientX, y: one.clientY }, event);
    return one.pointerType === "pen" ? { ...at, pressure: one.pressure } : at;
  }

  /** A pen has come down: the hand that rests here came before it, and was no finger. */
  function forgetHand() {
    penSeen = true;
    if (down.size === 0) return;
    if (act === "draw") hands.draw([], "cancel", false);
    down.clear();
    act = null;
  }

  /** @param {PointerEvent} event @param {PointerEvent} before */
  function pinch(event, before) {
    const other = [...down.entries()].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const apart = (/** @type {PointerEvent} */ one) =>
      Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
    const middle = { x: (event.clientX + other.clientX) / 2, y: (event.clientY + other.clientY) / 2 };
    hands.zoom(apart(event) / apart(before), pointOf(middle, event), event.target);
    hands.pan((event.clientX - before.clientX) / 2, (event.clientY - before.clientY) / 2, event.target);
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!down.delete(event.pointerId)) return;
    if (down.size > 0) return;
    // What the system takes from a finger was a palm; what it takes from a pen was drawn.
    const palm = event.type === "pointercancel" && event.pointerType === "touch";
    if (act === "draw") hands.draw([], palm ? "cancel" : "end", false);
    if (act === "tap" && event.type === "pointerup" && event.button === 0) tap(event);
    act = null;
  }

  /** @param {PointerEvent} event */
  function tap(event) {
    const twice = event.timeStamp - lastTap < DOUBLE;
    lastTap = event.timeStamp;
    // Two quick clicks fit the film; they never confirm an answer.
    if (twice) hands.doubleTap();
    else hands.tap(event.target);
  }

  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("pointerleave", () => hands.hover(null, null));
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    // Some browsers turn the wheel sideways while Shift is held.
    const turned = (event.deltaY || event.deltaX) * (event.deltaMode === 1 ? 24 : 1);
    // A wheel turns one way; two fingers on a pad also move sideways.
    if (event.deltaX && event.deltaMode === 0 && !event.shiftKey) padUntil = event.timeStamp + PAD;
    if (event.shiftKey) hands.size(-Math.sign(turned));
    else if (event.timeStamp < padUntil && !event.ctrlKey) hands.pan(-event.deltaX, -event.deltaY, event.target);
    else hands.zoom(Math.exp(-turned * (event.ctrlKey ? 0.01 : 0.0015)), place(event), event.target);
  }, { passive: false });
}
