// A page's theme as the stand-in's colours and sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { themeProperties } from "../../chatkit/theme.js";

test("without a theme it is light, as declared; a name alone is a colour scheme", () => {
  const { "--scheme": scheme, "--surface": surface, "--size": size, "--radius": radius } = themeProperties(undefined);
  assert.deepEqual([scheme, surface, size, radius], ["light", "#ffffff", "16px", "1.4rem"]);
  assert.equal(themeProperties("dark")["--surface"], "#1c1c1c");
});

test("colours, sizes, corners and fonts are those of the page", () => {
  const found = themeProperties({
    colorScheme: "dark", radius: "sharp", density: "spacious",
    typography: { baseSize: 18, fontFamily: "Lora" },
    color: { accent: { primary: "#0a7", level: 2 }, surface: { background: "#111", foreground: "#eee" }, grayscale: { hue: 220, tint: 6, shade: -2 } },
  });
  assert.deepEqual(
    ["--scheme", "--surface", "--ink", "--accent", "--radius", "--gap", "--size", "--font", "--tint"].map((name) => found[name]),
    ["dark", "#111", "#eee", "#0a7", "0", "0.9rem", "18px", "Lora", "hsl(220 24% 15%)"],
  );
});

test("what it does not know is as usual", () => {
  const found = themeProperties({ colorScheme: "sepia", radius: "oval", density: "none" });
  assert.deepEqual([found["--scheme"], found["--radius"], found["--gap"]], ["light", "1.4rem", "0.5rem"]);
});
