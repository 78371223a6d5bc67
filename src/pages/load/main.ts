/* The load page's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import LoadPage from './LoadPage.svelte'

mount(LoadPage, { target: document.body, context: contextWith(chooseSource()) })
