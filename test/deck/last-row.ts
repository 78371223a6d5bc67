/*
 * What cannot be read, asked of the slide that is shown: from the last row of the hall, in a window
 * of a projector's size, or on a phone in one's hand.
 */
import type { Page } from 'playwright-core'

/**
 * Words that are shown smaller than `leastPx`, and elements that are not wholly within the window or cut
 * off by their block of code.
 */
export const unreadable = (
  page: Page,
  leastPx = 28,
): Promise<{ small: string[]; outside: string[] }> =>
  page.evaluate((least) => {
    const slides = [...document.querySelectorAll<HTMLElement>('section.present:not(.stack)')]
    const slide = slides.find((each) => !each.closest('.past, .future')) ?? document.body

    const scale = Number(document.body.style.getPropertyValue('--slide-scale'))
    const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
    const small: string[] = []
    for (let text = words.nextNode(); text; text = words.nextNode()) {
      const element = text.parentElement
      if (!element?.checkVisibility() || !text.textContent?.trim()) continue
      const shownPx = parseFloat(getComputedStyle(element).fontSize) * scale
      if (shownPx < least) small.push(text.textContent.trim())
    }

    const outside = [...slide.querySelectorAll('*:not(aside, aside *)')]
      .filter((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect()
        const isCut = element.matches('pre') && element.scrollWidth > element.clientWidth
        return isCut || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight
      })
      .map((element) => element.outerHTML.slice(0, 80))
    return { small, outside }
  }, leastPx)
