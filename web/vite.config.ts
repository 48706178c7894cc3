import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// File names without a digest: a change of the sources shows as a change of the same file, and a rebuild can be compared.
// The server answers with an entity tag, so that browsers ask again.
export default defineConfig({
  plugins: [svelte()],
  base: "/",
  build: {
    outDir: "../crates/serve/assets",
    emptyOutDir: true,
    // The licences of what is in the built files go with them.
    license: { fileName: "licences.txt" },
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "app/[name].js",
        chunkFileNames: "app/[name].js",
        assetFileNames: "app/[name][extname]",
      },
    },
  },
  worker: {
    format: "es",
    rollupOptions: { output: { entryFileNames: "app/[name].js", chunkFileNames: "app/[name].js" } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
