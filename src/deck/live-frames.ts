/*
 * All live frames of the deck. A page starts when its slide is at most two steps away, so that it
 * is there when its slide comes, however one gets there; from then on it is only ever left alone.
 */
import type { RevealApi } from 'reveal.js'
import { onAudienceAddress } from './audience-address'
import { LiveFrame, showStill, type WayIn } from './live-frame'
import type { WindowKind } from './window-kind'

const stepsAhead = 2

/** Brings the `<live-frame>` elements inside `slides` to life, or to a still. */
export function runLiveFrames(slides: HTMLElement, reveal: RevealApi, kind: WindowKind): void {
  const hosts = [...slides.querySelectorAll<HTMLElement>('live-frame')]
  if (kind.still) {
    for (const host of hosts) showStill(host, wayInto(host, kind))
    return
  }
  const frames = hosts.map((host) => ({
    slide: host.closest('section'),
    frame: new LiveFrame(host),
  }))

  const follow = () => {
    const order = reveal.getSlides()
    const here = order.indexOf(reveal.getCurrentSlide())
    for (const { slide, frame } of frames) {
      const steps = order.findIndex((candidate) => candidate === slide) - here
      if (steps !== 0) frame.leave()
      if (Math.abs(steps) <= stepsAhead) frame.start()
    }
  }
  reveal.on('ready', follow)
  reveal.on('slidechanged', follow)
  onAudienceAddress(() => frames.forEach(({ frame }) => frame.retry()))
}

/**
 * How one gets from a still to its page: by its code, except where a code is of no use, on one's
 * own phone, or would be the second one, beside that of a board.
 */
const wayInto = (host: HTMLElement, { follower }: WindowKind): WayIn =>
  follower || host.closest('board-wall') ? 'link' : 'code'
