// Runs before the reference's own script: this setting keeps its validator from probing for eval, which the
// page's policy forbids.
globalThis.__zod_globalConfig = { jitless: true };

document.addEventListener("DOMContentLoaded", () => {
  const theme = localStorage.getItem("livetrail-theme");
  globalThis.Scalar.createApiReference("#app", {
    url: "/openapi.json",
    servers: [{ url: location.origin }],
    // Nothing is loaded from elsewhere and nothing is sent elsewhere.
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    showDeveloperTools: "never",
    ...(theme && { darkMode: theme === "dark" }),
  });
});
