for (const th of document.querySelectorAll("thead th")) {
  th.firstChild.addEventListener("click", () => {
    const body = th.closest("table").tBodies[0], column = th.cellIndex, number = th.classList.contains("n");
    const down = th.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of th.parentNode.children) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
    const key = (row) => row.cells[column].textContent;
    const compare = (a, b) => number ? (a === "") - (b === "") || a - b : a.localeCompare(b);
    body.append(...[...body.rows].sort((a, b) => down * compare(key(a), key(b))));
  });
}
