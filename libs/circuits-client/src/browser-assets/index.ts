export type { AssetList } from "./asset-list.js";
export { type BrowserAssetsRequest, writeBrowserAssets } from "./write-browser-assets.js";
