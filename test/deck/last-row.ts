/*
 * What the last row of the hall cannot read: asked of the slide that is shown, in a window of a
 * projector's size.
 */
import type { Page } from 'playwright-core'

/**
 * Words that are smaller than 28 pixels, and elements that are not wholly within the window or cut
 * off by their block of code.
 */
export const unreadable = (page: Page): Promise<{ small: string[]; outside: string[] }> =>
  page.evaluate(() => {
    const slides = [...document.querySelectorAll<HTMLElement>('section.present:not(.stack)')]
    const slide = slides.find((each) => !each.closest('.past, .future')) ?? document.body

    const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
    const small: string[] = []
    for (let text = words.nextNode(); text; text = words.nextNode()) {
      const element = text.parentElement
      if (!element?.checkVisibility() || !text.textContent?.trim()) continue
      if (parseFloat(getComputedStyle(element).fontSize) < 28) small.push(text.textContent.trim())
    }

    const outside = [...slide.querySelectorAll('*:not(aside, aside *)')]
      .filter((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect()
        const isCut = element.matches('pre') && element.scrollWidth > element.clientWidth
        return isCut || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight
      })
      .map((element) => element.outerHTML.slice(0, 80))
    return { small, outside }
  })
