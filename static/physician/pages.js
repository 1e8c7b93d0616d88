// Home and study pages: send what an earlier ballot could not, and show it.

import { Saving } from "./saving.js";

const saving = new Saving(() => {
  // The counts on the page are older than the answer that has just been saved.
  if (saving.outbox.waiting.length === 0) location.reload();
});
saving.outbox.open();
