"use strict";
(() => {
  const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const written = (value) => (Number.isNaN(value) ? "–" : String(Number(value.toPrecision(4))));

  /** The index of the reading that lies nearest to so many images seen. */
  const nearest = (seen, at) => {
    let low = 0;
    let high = seen.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (seen[middle] < at) low = middle;
      else high = middle;
    }
    return at - seen[low] <= seen[high] - at ? low : high;
  };

  const readCurves = (figure) => {
    const readings = JSON.parse(figure.dataset.readings);
    const [low, high] = [Number(figure.dataset.low), Number(figure.dataset.high)];
    const reader = figure.querySelector(".reader");
    const cursor = figure.querySelector(".cursor");
    const tip = figure.querySelector(".tip");
    const legend = [...figure.querySelectorAll(".legend li")];
    const names = legend.map((item) => item.querySelector(".name").textContent);
    const marks = legend.map((item) => getComputedStyle(item.querySelector("path")).stroke);
    const moments = [...new Set(readings.flatMap((one) => one[0]))].sort((a, b) => a - b);
    let at = moments[moments.length - 1];

    const line = (index, value) => {
      const row = document.createElement("span");
      const name = document.createElement("em");
      name.textContent = names[index];
      name.style.setProperty("--mark", marks[index]);
      row.append(name, written(value));
      return row;
    };

    const show = (wanted) => {
      at = moments[nearest(moments, wanted)];
      // A run that ended earlier, or was read later, says nothing of this moment.
      const covers = (seen) => seen[0] <= at && at <= seen[seen.length - 1];
      const values = readings.map(([seen, found]) => (covers(seen) ? found[nearest(seen, at)] : NaN));
      const head = document.createElement("b");
      head.textContent = `${whole.format(at)} images seen`;
      tip.replaceChildren(head, ...values.map((value, index) => line(index, value)));
      const share = (at - low) / (high - low);
      cursor.style.left = `${100 * share}%`;
      tip.style.left = share < 0.5 ? `calc(${100 * share}% + 10px)` : "auto";
      tip.style.right = share < 0.5 ? "auto" : `calc(${100 - 100 * share}% + 10px)`;
      cursor.hidden = tip.hidden = false;
      reader.setAttribute("aria-valuenow", at);
      const said = values.map((value, index) => `${names[index]} ${written(value)}`);
      reader.setAttribute("aria-valuetext", `${head.textContent}: ${said.join(", ")}`);
    };
    const hide = () => {
      cursor.hidden = tip.hidden = true;
    };
    const point = (event) => {
      const box = reader.getBoundingClientRect();
      show(low + ((event.clientX - box.left) / box.width) * (high - low));
    };
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
    const walk = (event) => {
      const last = moments.length - 1;
      const here = moments.indexOf(at);
      const ends = { Home: 0, End: last };
      const to = ends[event.key] ?? here + (steps[event.key] ?? NaN) * Math.ceil(moments.length / 100);
      if (event.key === "Escape") hide();
      if (Number.isNaN(to)) return;
      event.preventDefault();
      show(moments[Math.min(last, Math.max(0, to))]);
    };

    reader.addEventListener("pointermove", point);
    reader.addEventListener("pointerdown", point);
    reader.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    reader.addEventListener("keydown", walk);
    reader.addEventListener("focus", () => reader.matches(":focus-visible") && show(at));
    reader.addEventListener("blur", hide);
  };

  const showMoments = (box) => {
    const slider = box.querySelector("input");
    const label = box.querySelector("output");
    const button = box.querySelector("button");
    const pictures = [...box.querySelectorAll("img")];
    let playing = 0;

    const show = () => {
      const chosen = Number(slider.value);
      pictures.forEach((picture, index) => {
        picture.hidden = index !== chosen;
      });
      label.textContent = pictures[chosen].dataset.moment;
      slider.setAttribute("aria-valuetext", label.textContent);
    };
    const stop = () => {
      clearInterval(playing);
      playing = 0;
      button.textContent = "▶ Play";
    };
    const step = () => {
      slider.value = Number(slider.value) + 1;
      show();
      if (slider.value === slider.max) stop();
    };
    const play = () => {
      if (playing) return stop();
      if (slider.value === slider.max) slider.value = 0;
      show();
      button.textContent = "❚❚ Pause";
      playing = setInterval(step, 500);
    };
    slider.addEventListener("input", () => {
      if (playing) stop();
      show();
    });
    button.addEventListener("click", play);
  };

  document.querySelectorAll("figure.curves").forEach(readCurves);
  document.querySelectorAll(".moments").forEach((box) => box.querySelector("input") && showMoments(box));
})();
