// Home and study pages: send what an earlier ballot could not, and show it.

import { dealNext } from "./answers.js";
import { Saving } from "./saving.js";

const saving = new Saving({
  // The counts on the page are older than the answer that has just been saved.
  saved: () => saving.outbox.waiting.length === 0 && location.reload(),
  deal: async (study) => {
    const dealt = await dealNext(study);
    return "done" in dealt ? null : dealt.key;
  },
  entered: () => {},
});
saving.outbox.open();
