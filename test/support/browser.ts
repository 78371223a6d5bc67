/*
 * A real Chromium for tests: phones, a projector, and what a camera would read from a picture.
 */
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findChromium } from './chromium.mjs'
import { hangMs } from './patience'

export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}
export const projector: BrowserContextOptions = { viewport: { width: 1920, height: 1080 } }

/** @param flags further switches, such as `--host-resolver-rules=…` */
export async function startBrowser(flags: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium() ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  })
  const newContext = browser.newContext.bind(browser)
  browser.newContext = async (options) => {
    const context = await newContext(options)
    context.setDefaultTimeout(hangMs)
    return context
  }
  return browser
}

/**
 * The text of the QR code in a PNG picture, or undefined. Read in a page, which knows how to decode
 * it.
 */
export async function readQr(page: Page, png: Buffer): Promise<string | undefined> {
  const scratch = await page.context().newPage()
  await scratch.addScriptTag({ path: createRequire(import.meta.url).resolve('jsqr') })
  const text = await scratch.evaluate(
    async (url) => {
      const image = new Image()
      image.src = url
      await image.decode()
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
      context.drawImage(image, 0, 0)
      const { data, width, height } = context.getImageData(0, 0, image.width, image.height)
      const { jsQR } = window as unknown as { jsQR: typeof import('jsqr').default }
      return jsQR(data, width, height)?.data
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  await scratch.close()
  return text
}
