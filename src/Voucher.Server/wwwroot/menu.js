// The public menu works without this: with it, the list narrows while one types, and a choice is sent at once.
import { matches, normalise } from "./spelling.js";

const form = document.querySelector(".ask");
const count = document.querySelector(".count");
const entries = [...document.querySelectorAll("article")].map(article => ({
  article,
  texts: [...article.querySelectorAll("[data-spell]")].map(place => [place.textContent, place.dataset.spell]),
}));

function narrow() {
  const wanted = normalise(form.q.value);
  let found = 0;
  for (const { article, texts } of entries) {
    article.hidden = !texts.some(([text, spell]) => matches(text, spell, wanted));
    if (!article.hidden) found++;
  }
  count.textContent = found === 0 ? count.dataset.none : count.dataset.found.replace("#", found);
}

for (const choice of form.querySelectorAll("select, [type=checkbox]")) choice.addEventListener("change", () => form.requestSubmit());
// Only a page that holds everything can be searched by itself; else the server is asked.
if (count.dataset.complete) form.q.addEventListener("input", narrow);
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
