"""What word processors and web pages put on the clipboard, and what is left of it in a body."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm;
font-family:"Calibri",sans-serif;} @page WordSection1 {size:612.0pt 792.0pt;} --></style>
</head><body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'><!--StartFragment-->
<h2 style='margin-top:2.0pt'><span lang=EN-US style='mso-ansi-language:EN-US'>Water<o:p></o:p></span></h2>
<p class=MsoNormal style='margin-bottom:8.0pt'><b style='mso-bidi-font-weight:normal'><span lang=EN-US>Bold</span></b><span lang=EN-US> and <i style='mso-bidi-font-style:normal'>slanted</i>,<span style='mso-spacerun:yes'>&nbsp;</span>then <span style='font-weight:bold'>heavy</span>.<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=EN-US>one<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span></span><![endif]><span>inner<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span></span><span>two<o:p></o:p></span></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><span lang=EN-US><span style='mso-list:Ignore'>3.<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><span>third<o:p></o:p></span></p>
<p class=MsoNormal>See <a href="https://24.kg/news/"><span style='color:blue'>24.kg</span></a>.<o:p></o:p></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=301 valign=top style='width:225.4pt'><p class=MsoNormal style='margin:0'><span>Osh<o:p></o:p></span></p></td><td width=301><p class=MsoNormal>1.2<o:p></o:p></p></td></tr></table>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="_x0000_i1025"><v:imagedata src="file:///C:/clip.png"/></v:shape><![endif]--><![if !vml]><img width=10 height=10 src="file:///C:/clip.png" v:shapes="_x0000_i1025"><![endif]>After the picture.<o:p></o:p></p>
<!--EndFragment--></body></html>"""

WORD_LEFT = (
    "<h2>Water</h2>"
    "<p><strong>Bold</strong> and <em>slanted</em>, then <strong>heavy</strong>.</p>"
    "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>"
    '<ol start="3"><li>third</li></ol>'
    '<p>See <a href="https://24.kg/news/">24.kg</a>.</p>'
    "<table><tbody><tr><td>Osh</td><td>1.2</td></tr></tbody></table>"
    "<p>After the picture.</p>"
)

DOCS = (
    "<meta charset='utf-8'><b style=\"font-weight:normal;\" "
    'id="docs-internal-guid-5f1c2a1e-7fff-9f6e-2b0a-0c5b9a1d2e3f">'
    '<h2 dir="ltr" style="line-height:1.38;margin-top:18pt;"><span style="font-size:16pt;'
    'font-family:Arial;font-weight:700;font-style:normal;">Snow</span></h2>'
    '<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;'
    'font-style:normal;">Plain </span><span style="font-weight:700;font-style:normal;">bold'
    '</span><span style="font-weight:400;font-style:italic;"> slanted</span><span> </span>'
    '<a href="https://example.org/x" style="text-decoration:none;"><span style="color:#1155cc;'
    'font-weight:400;text-decoration:underline;">link</span></a><span style="font-weight:400;">, '
    'm</span><span style="font-size:0.6em;vertical-align:super;">2</span></p><br />'
    '<ul style="margin-top:0;padding-inline-start:48px;"><li dir="ltr" style="list-style-type:disc;'
    'font-weight:400;" aria-level="1"><p dir="ltr" style="line-height:1.38;" role="presentation">'
    '<span style="font-weight:400;">one</span></p></li><ul style="margin-top:0;"><li dir="ltr" '
    'style="list-style-type:circle;" aria-level="2"><p dir="ltr" role="presentation"><span>inner'
    '</span></p></li></ul><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" '
    'role="presentation"><span>two</span></p></li></ul>'
    '<p dir="ltr"><span><span style="border:none;display:inline-block;overflow:hidden;width:602px;">'
    '<img src="https://lh7-rt.googleusercontent.com/docsz/abc" width="602" height="400" '
    'style="margin-left:0px;" /></span></span></p>'
    '<p dir="ltr"><span>Last.</span></p></b><br class="Apple-interchange-newline">'
)

DOCS_LEFT = (
    "<h2>Snow</h2>"
    "<p>Plain <strong>bold</strong><em> slanted</em> "
    '<a href="https://example.org/x">link</a>, m<sup>2</sup></p>'
    "<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>"
    "<p>Last.</p>"
)

PAGE = (
    '<meta charset="utf-8"><div class="article__body" style="color:#333;font-size:18px">'
    "<script>window.track('x')</script><style>.ad{display:block}</style>"
    '<div class="inner"><div><h1 style="margin:0">A title</h1></div>'
    '<p style="margin:0 0 1em" onclick="x()">Words <strong>here</strong> and '
    '<span style="font-weight: 600">there</span>.'
    '<img src="https://cdn.example/pixel.gif" width="1" onerror="x()"></p>'
    '<div><div class="text">A line<br>and another.</div></div>'
    '<figure><img src="https://cdn.example/b.jpg"></figure>'
    '<blockquote class="tw"><p>Said.</p></blockquote>'
    '<iframe src="https://ads.example/"></iframe><svg><text>x</text></svg></div>'
    '<table style="width:100%" class="t"><tbody><tr><th scope="col">City</th><td>Osh</td></tr>'
    "</tbody></table>"
    '<p><a href="https://example.org/y" target="_blank" rel="x" style="color:red">A link</a>.</p>'
    "</div>"
)

PAGE_LEFT = (
    "<h2>A title</h2>"
    "<p>Words <strong>here</strong> and <strong>there</strong>.</p>"
    "<p>A line<br>and another.</p>"
    "<blockquote><p>Said.</p></blockquote>"
    '<table><tbody><tr><th scope="col">City</th><td>Osh</td></tr></tbody></table>'
    '<p><a href="https://example.org/y">A link</a>.</p>'
)

CLIPBOARDS = {
    "Word": (WORD, WORD_LEFT),
    "Google Docs": (DOCS, DOCS_LEFT),
    "a web page": (PAGE, PAGE_LEFT),
}
