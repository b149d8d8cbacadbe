extension CampaignPages {
  /// One style sheet for all pages; the colours are those of the charts.
  static let style = """
    :root { color-scheme: light dark; --ink: #1b1b1b; --paper: #ffffff; --line: #b9b9b9; --accent: #0072b2; --problem: #b03a00; --notice: #00694d; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181b; --line: #4b4f55; --accent: #56b4e9; --problem: #ff9a5a; --notice: #4fd0a8; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
    header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: baseline; border-bottom: 1px solid var(--line); }
    h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 1.5rem 0 .5rem; font-size: 1.2rem; } h3 { margin: 0; font-size: 1rem; }
    a { color: var(--accent); } nav a { display: inline-block; padding: .25rem .5rem; }
    .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; } dd { margin: 0; overflow-wrap: anywhere; }
    article { border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .75rem 0; }
    form { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .5rem 0; }
    label { display: flex; flex-direction: column; font-size: .9rem; max-width: 100%; } label.check { flex-direction: row; gap: .4rem; align-items: center; }
    input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .3rem .5rem; max-width: 100%; }
    button { border-color: var(--accent); color: var(--accent); cursor: pointer; }
    .problem { color: var(--problem); } .notice { color: var(--notice); } .hash { color: var(--ink); overflow-wrap: anywhere; font-size: .8rem; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; } caption { text-align: left; }
    th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; font-weight: normal; } thead th { font-weight: bold; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    @media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dt { font-weight: bold; } }
    @media print { form, nav { display: none; } }

    """
}
