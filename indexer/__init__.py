"""What can be worked out again: text, sections, citations, tasks, links, the search index."""
