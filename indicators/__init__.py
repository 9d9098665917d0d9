"""Everything of Bildungsblick that does not know Streamlit: from received files to answers."""
