/* The beginning of the presenter's way in. */
import { mount } from 'svelte'
import '../parts/base.css'
import EnterPage from './EnterPage.svelte'

mount(EnterPage, { target: document.body })
