/*
 * Puts a page into its window, with the source that it gets there. In a replay it stands in a frame
 * of its own (parts/Replayed.svelte), so that a jump back or a broken recording costs a page and
 * not the player.
 */
import { mount, type Component } from 'svelte'
import { chooseAmongSources } from '../source/choose'
import './parts/base.css'
import { contextWith } from './page-source'
import Replayed from './parts/Replayed.svelte'

/** Shows the page, with what it has to know beside its source. */
export function showPage<Props extends object>(page: Component<Props>, props: Props): void {
  const { source, isLent } = chooseAmongSources()
  const target = document.body
  const context = contextWith(source)
  if (!isLent) mount(page, { target, props, context })
  else mount(Replayed, { target, props: { page: page as Component<object>, props }, context })
}
