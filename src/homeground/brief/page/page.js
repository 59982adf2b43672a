(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  for (const group of document.querySelectorAll("[data-layers]")) {
    const buttons = [...group.querySelectorAll("button[data-shows]")];
    const show = (chosen) => {
      for (const button of buttons) {
        const on = button === chosen;
        button.setAttribute("aria-pressed", on ? "true" : "false");
        document.getElementById(button.dataset.shows).hidden = !on;
      }
    };
    for (const button of buttons) button.addEventListener("click", () => show(button));
    if (buttons.length) show(buttons[0]);
  }

  const language = document.documentElement.lang || "en";
  const order = new Intl.Collator(language, { numeric: true });
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        const cell = Number(head.dataset.cell);
        const numeric = head.classList.contains("number");
        const key = (row) => row.cells[cell].dataset.sort ?? row.cells[cell].textContent;
        const rows = [...body.rows].sort((a, b) => {
          const x = key(a), y = key(b);
          if (x === "" || y === "") return (x === "") - (y === "");
          const by = numeric ? Number(x) - Number(y) : order.compare(x, y);
          return up ? by : -by;
        });
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        body.append(...rows);
      });
    }
  }

  for (const input of document.querySelectorAll("input[data-filters]")) {
    const rows = [...document.getElementById(input.dataset.filters).tBodies[0].rows];
    const count = document.getElementById(input.dataset.count);
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(language);
    const apply = () => {
      const wanted = plain(input.value.trim());
      let shown = 0;
      for (const row of rows) {
        const fits = plain(row.cells[0].textContent + " " + row.cells[1].textContent).includes(wanted);
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      const said = [shown, rows.length].map((n) => n.toLocaleString(language)).join(" / ");
      count.textContent = count.dataset.says.replace("{}", said);
    };
    input.addEventListener("input", apply);
    apply();
  }
})();
