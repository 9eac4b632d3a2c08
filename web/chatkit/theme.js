/** The option `theme` as custom properties of the stand-in's style sheet. Pure. */

const RADIUS = { pill: "1.4rem", round: "0.9rem", soft: "0.45rem", sharp: "0" };
const GAP = { compact: "0.3rem", normal: "0.5rem", spacious: "0.9rem" };
const SURFACES = {
  light: { background: "#ffffff", foreground: "#171717" },
  dark: { background: "#1c1c1c", foreground: "#f2f2f2" },
};

/**
 * @param {any} theme As `setOptions` takes it: "light", "dark", or an object.
 * @returns {Record<string, string>} Properties by their names.
 */
export function themeProperties(theme) {
  const { colorScheme, color, typography, radius, density } = typeof theme === "string" ? { colorScheme: theme } : theme ?? {};
  const scheme = colorScheme === "dark" ? "dark" : "light";
  const surface = { ...SURFACES[scheme], ...color?.surface };
  const family = typography?.fontFamily;
  return {
    "--scheme": scheme,
    "--surface": String(surface.background),
    "--ink": String(surface.foreground),
    "--accent": String(color?.accent?.primary ?? surface.foreground),
    "--on-accent": color?.accent?.primary ? "#ffffff" : String(surface.background),
    "--tint": tintOf(color?.grayscale, scheme),
    "--radius": RADIUS[/** @type {keyof RADIUS} */ (radius)] ?? RADIUS.pill,
    "--gap": GAP[/** @type {keyof GAP} */ (density)] ?? GAP.normal,
    "--size": `${typography?.baseSize ?? 16}px`,
    "--font": family ? String(family) : "system-ui, sans-serif",
    "--mono": String(typography?.fontFamilyMono ?? "ui-monospace, monospace"),
  };
}

/**
 * @param {any} grayscale
 * @param {"light" | "dark"} scheme
 * @returns {string} The colour of what stands out a little.
 */
function tintOf(grayscale, scheme) {
  const { hue = 0, tint = 0, shade = 0 } = grayscale ?? {};
  const lightness = (scheme === "dark" ? 17 : 95) + Number(shade);
  return `hsl(${Number(hue)} ${Number(tint) * 4}% ${lightness}%)`;
}
