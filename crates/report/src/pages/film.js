// Shows the moments of a simulation one after the other. Without it the page has stills.
"use strict";
(function () {
  const film = JSON.parse(document.getElementById("film-data").textContent);
  const figure = document.getElementById("film"), time = document.getElementById("film-time");
  const play = document.getElementById("film-play"), now = document.getElementById("film-now");
  const paths = Array.from(figure.querySelectorAll("path[data-look]"));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let timer = null;
  const draw = () => {
    const at = +time.value, looks = film.looks[at], data = paths.map(() => []);
    for (let link = 0; link < looks.length; link++) {
      const look = looks.charCodeAt(link) - 48;
      if (look > 0) data[look - 1].push(film.lines[link]);
    }
    paths.forEach((path, look) => path.setAttribute("d", data[look].join("")));
    now.textContent = film.labels[at];
    time.setAttribute("aria-valuetext", film.labels[at]);
  };
  const name = () => {
    play.textContent = still.matches ? "Next moment" : timer === null ? "Play" : "Pause";
  };
  const pause = () => { if (timer !== null) clearInterval(timer); timer = null; name(); };
  const step = () => {
    if (+time.value >= +time.max) return pause();
    time.value = +time.value + 1;
    draw();
  };
  const toggle = () => {
    // who wants no motion gets one moment at a time
    if (still.matches) { time.value = +time.value >= +time.max ? 0 : +time.value + 1; draw(); return; }
    if (timer !== null) return pause();
    if (+time.value >= +time.max) { time.value = 0; draw(); }
    timer = setInterval(step, 250);
    name();
  };
  play.addEventListener("click", toggle);
  time.addEventListener("input", () => { pause(); draw(); });
  figure.addEventListener("keydown", (event) => {
    if (event.key === "k" || (event.key === " " && event.target !== play)) { event.preventDefault(); toggle(); }
  });
  still.addEventListener("change", pause);
  window.addEventListener("beforeprint", pause);
  document.documentElement.classList.add("film-runs");
  name();
  draw();
})();
