// Finds items by words of their ids, titles, people and tags. Texts become text nodes, never markup.
"use strict";
(() => {
  const input = document.getElementById("q");
  const found = document.getElementById("found");
  const list = document.getElementById("results");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = ITEMS.map((row) => plain(row.join(" ")));
  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (!words.length) return;
    const hits = ITEMS.filter((_, at) => words.every((word) => texts[at].includes(word)));
    found.textContent = `${hits.length} found` + (hits.length > 200 ? "; the first 200:" : "");
    for (const [id, title, status] of hits.slice(0, 200)) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `items/${encodeURIComponent(id)}.html`;
      link.textContent = id;
      line.append(link, ` ${title} · ${status}`);
      list.append(line);
    }
  };
  input.value = new URLSearchParams(location.search).get("q") || "";
  input.addEventListener("input", show);
  show();
})();
