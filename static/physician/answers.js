// What goes to and fro between a ballot's page and the server: ballots, answers, who is signed in.

import { placeOf } from "./practice.js";
import { t } from "../words.js";

/**
 * A ballot as the server tells of it (`BallotView` in app/web/pages/ballot_views.py).
 * @typedef {object} View
 * @property {string} key
 * @property {string} study
 * @property {number} number
 * @property {string} letters of its slots; empty where the film is drawn first
 * @property {"choice" | "blank"} kind
 * @property {boolean} asks_guess
 * @property {string} film
 * @property {string} bundle
 * @property {string | null} lungs
 * @property {string} answers
 * @property {string} lease
 * @property {number | null} lease_seconds
 * @property {string | null} drawing
 * @property {string | null} choice letters of the chosen slots, or one of the words
 * @property {boolean | null} sure
 * @property {string} comment
 * @property {string | null} worst
 * @property {boolean} guessed
 * @property {boolean} answered_before
 * @property {string | null} answered_at
 * @property {{ answered: number, later: number, total: number }} progress
 * @property {{ worst: boolean, break_minutes: number }} questions
 */

/** @typedef {{ saved: true, practice?: string, key: string, next: string, answered: number, later: number, total: number, answered_at: string, drawing_sha256: string | null }} Receipt */
/** @typedef {{ reader: string, full_name: string }} Who */

/** A refusal, or a line that broke. */
export class Trouble extends Error {
  /** @param {number} status 0 where no answer came @param {string} title @param {string} [detail] */
  constructor(status, title, detail = "") {
    super(title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

const PATIENCE = 30_000;
/** A film is large and its line may be slow; but one that never comes must not be waited for. */
const FILM_PATIENCE = 120_000;

/**
 * Fetch a film, masks or a drawing. Throws an error that tells people what is wrong, and what helps;
 * the browser's own words are in its own language, and say no cure.
 * @param {string} url @param {(status: number) => string} missing what to say where it is not there
 */
export async function fetchBytes(url, missing) {
  const signal = AbortSignal.timeout(FILM_PATIENCE);
  const headers = { Accept: "application/octet-stream" };
  const came = await fetch(url, { headers, signal })
    .then(async (answer) => ({ answer, bytes: await answer.arrayBuffer() }))
    .catch(() => null);
  if (!came) throw new Error(signal.aborted ? t("it did not come within {seconds} seconds, so the line or the server is slow; try again in a moment, and tell the admin of the study if that does not help", { seconds: FILM_PATIENCE / 1000 }) : t("the server cannot be reached; see whether there is a network, and try again"));
  if (came.answer.redirected) throw new Error(t("you are signed out"));
  if (!came.answer.ok) throw new Error(missing(came.answer.status));
  return came.bytes;
}

/**
 * Ask the server, and get JSON. Throws `Trouble`.
 * @param {string} method @param {string} url @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function ask(method, url, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  const form = body instanceof URLSearchParams;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  const sent = body === undefined || form ? body : JSON.stringify(body);
  let response;
  try {
    response = await fetch(url, { method, headers, body: sent, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Trouble(0, t("The server cannot be reached."));
  }
  const said = await response.json().catch(() => null);
  if (response.ok && said !== null) return said;
  const reference = said?.reference ? ` ${t("Reference")}: ${said.reference}.` : "";
  const title = said?.title ?? t("The server answered with something unexpected.");
  throw new Trouble(response.ok ? 502 : response.status, title, `${said?.detail ?? ""}${reference}`);
}

/** Deal the next ballot of a study. @param {string} study @param {Iterable<string | undefined>} answered keys @returns {Promise<View | { done: true, study: string }>} */
export const dealNext = (study, answered) => ask("POST", placeOf(study, "next", answered));

/** What comes after the ballot in hand. @param {string} study @param {Iterable<string | undefined>} answered keys @returns {Promise<View[]>} */
export const lookAhead = (study, answered) => ask("GET", placeOf(study, "ahead", answered));

/** Who is signed in. @returns {Promise<Who>} */
export const who = () => ask("GET", "/account/who");

/** What to say where somebody else than this reader has signed in in this browser; null if nobody. Throws `Trouble`. @param {string} own */
export async function somebodyElse(own) {
  const { reader, full_name } = await who();
  if (reader === own) return null;
  return { status: 401, title: t("{name} is signed in in this browser now.", { name: full_name }), detail: "", other: true };
}

/** Statuses after which the same answer may be taken later. @param {number} status */
export const passing = (status) => status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

/** Statuses of an answer that came under somebody else's name. @param {number | undefined} status */
export const foreign = (status) => status === 403 || status === 404;

/** Sign in without leaving the page. @param {string} name @param {string} password @returns {Promise<Who>} */
export const signIn = (name, password) =>
  ask("POST", "/sign-in", new URLSearchParams({ name, password, next: "/account/who" }));

/** Send one answer. Throws `Trouble`. @param {import("./kept.js").Answer} answer @returns {Promise<Receipt>} */
export async function sendAnswer(answer) {
  /** @type {Receipt} */
  const said = await ask("POST", answer.url, answer.body);
  if (said.saved !== true) throw new Trouble(502, t("The server answered with something unexpected."));
  if (answer.drawing && said.drawing_sha256 !== answer.drawing) {
    throw new Trouble(422, t("The server stored another drawing than yours."), t("Tell the admin of the study."));
  }
  return said;
}
