// React calls each effect twice in its strict mode: what it starts has to bear that.
import { createElement, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const { kefu, widget } = document.documentElement.dataset;

function Shop() {
  const [count, add] = useState(0);
  useEffect(() => {
    window.Kefu ??= (...call) => {
      window.Kefu.q ??= [];
      window.Kefu.q.push(call);
    };
    window.Kefu("boot", { widget });
    if (!document.querySelector("script[src$='/kefu.js']")) {
      const script = document.createElement("script");
      script.src = `${kefu}/kefu.js`;
      document.head.append(script);
    }
    return () => void window.Kefu("shutdown");
  }, []);
  return createElement("button", { id: "count", onClick: () => add(count + 1) }, `${count}`);
}

createRoot(document.getElementById("root")).render(
  createElement(StrictMode, null, createElement(Shop)),
);
