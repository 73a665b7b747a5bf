"""Drawn pictures for the demo newspaper: landscapes and portraits, the same on every run.

A drawing is a text: parts divided by semicolons, painted from back to front.
    #024/#135@.5 x,y x,y ...  fills an outline (of two points, an oval), from one colour to another,
                              at an opacity; ~ rounds it, ^ mirrors it about its first point,
                              = makes a rectangle of two points, a number strokes a line
    person x,y 1.2 #a #b      places another drawing in size and colours; a minus turns it round
    row 9 40 0: part | part   repeats what follows the colon; so do avenue and scatter
    veil #135 700 900         anything else is a method of Canvas: its numbers, then its points
"""

import io
import math
import re
from collections import namedtuple
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps

W, H = 1600, 1067
SMOOTH = Image.Resampling.BICUBIC
DRAWN = """
person = #223 -10,0 -2,0 0,-40 2,0 10,0 11,-48 -11,-48; ~{0} -11,-36 -17,-42 -15,-78 -8,-86 8,-86
15,-78 17,-42 12,-36; #001@.35 2,-37 4,-84 12,-84 17,-70 16,-42 11,-37; #b86 -6,-102 6,-84; ^~{1}
0,-107 8,-105 9,-92 5,-97 0,-98 woman = ^~{0} 0,-86 8,-85 14,-78 13,-50 17,-4 0,-2; ~#001@.3 2,-4
3,-85 12,-84 15,-50 17,-5; #c97 -6,-101 6,-83; ^~{1} 0,-107 9,-104 11,-90 12,-74 4,-80 7,-94 0,-98
pupil = #324@.3 -8,0 8,0 100,26 84,30; person {0} {1}; ~{2} -9,-80 9,-80 11,-52 -11,-52 horse = row
2 60 0: {0} -38,0 -33,0 -28,-50 -25,0 -20,0 -18,-55 -42,-60; ~{0} -46,-58 -44,-84 0,-82 30,-92
60,-50 78,-18 66,-12 52,-34 36,-50 0,-46; 4#110@.6 -43,-80 -52,-40 lorry = ={1}/{0} 0,-100 205,-18;
=#223 0,-22 292,-10; ~{0} 216,-14 216,-84 226,-90 262,-88 288,-48 290,-14; #bcd 248,-78 262,-78
280,-50 248,-50; row 2 36 0: #112 14,-28 42,0; #112 234,-28 262,0 camp = glow #fc7@.6 0,-10 70,-10;
#121@.4 -92,0 150,4 110,14 -60,12; =#fee/#cba -82,-64 82,1; ^~#fee/#dcb 0,-104 20,-102 52,-84 84,-58
0,-56; #223@.2 8,-103 24,-101 52,-84 82,-62 82,0 34,1 30,-58; row 2 0 37: =#832 -82,-60 82,-55;
=#532 -16,-106 16,-98; =#fd7 -15,-48 15,1 lamp = ^{0} 0,-100 1,-99 1.5,0 0,0; ^{0} 0,-98 13,-99
13,-98 0,-96; row 2 27 0: {1} -16,-98 -11,-95 fir = ^{0} 0,-100 8,-62 4,-64 13,-40 7,-42 17,-22
8,-24 21,-6 2,-8 2,0 0,0; #cda@.15 0,-100 -8,-62 -4,-63 -13,-40 -6,-42 -17,-22 -7,-23 -21,-6 0,-8
blades = {0} -1,0 9,-28 2,0; {1} 12,3 9,-20 15,3; {0} -14,-4 2,-34 -11,-4; {2} 26,-2 40,-26 29,-2;
{1} -30,5 -26,-24 -27,5 poplar = 3#433 0,0 0,-40; crown 70 .44 {0} {1} {2} 0,-55 9,-10 boulder =
~#877/#333 -70,20 -60,-20 -20,-46 30,-40 66,-6 60,24; ~#112@.4 10,26 8,-36 40,-34 66,-6 60,24
turbine = {0} -1.4,0 -.7,-100 .2,-100 .2,0; {1} 0,0 0,-100 .7,-100 1.4,0; {0} -1,-101 3,-107 33,-143
5,-105 1,-99; {0} 1,-100 5,-94 20,-50 2,-93 -1,-99; {1} 0,-99 -7,-99 -53,-107 -7,-102 0,-101 window
= =#fff -5,-5 63,83; =#589/#bdd 2,2 57,77; =#278 27,0 31,78 tower = ={0} -50,-240 50,0; row 6 15 0:
row 11 0 -20 .45: ={1} -41,-24 -34,-14 pier = {0} -70,0 70,0 70,10 34,30 22,52 17,84 19,420 -19,420
-17,84 -22,52 -34,30 -70,10; #123@.3 4,12 70,10 34,30 22,52 17,84 19,420 6,420 wagon = =#111 4,-16
206,-3; ={0} 2,-78 102,-16; ={1} 106,-78 206,-16 crane = avenue 1 1 0 0: {0} 36,0 28,0 10,-44
16,-46; {0} -20,-42 22,-42 22,-48 14,-66 4,-66 2,-112 -2,-112 -4,-66 -18,-66 -20,-48; ={1} 2,-62
11,-54; {0} 4,-60 10,-62 92,-140 90,-143; {0} -2,-112 0,-115 91,-142 90,-140; {0} 0,-115 0,-111
-26,-64 -30,-58 -30,-74; 1{0} 90,-141 90,-54; ={0} 86,-56 96,-49 stack = row 4 46 0: =#743 0,-22
44,0 | =#467 0,-45 44,-23; =#a74 46,-68 136,-46; =#564 0,-68 44,-46; =#845 46,-91 90,-69 fruit = {0}
-10,-10 10,10; #200@.3 -10,-10 10,10; {0} -9.5,-10 8.5,8; #ffd@.5 -6,-7 -1,-3 pile = row 5 17.5 0:
fruit -35,0 1 {0} ; row 4 17.5 0: fruit -26,-13 1 {0} ; row 3 17.5 0: fruit -17,-26 1 {0} ; row 2
17.5 0: fruit -9,-39 1 {0} ; fruit 0,-52 1 {0} stall = row 4 60 0: {0} 0,0 30,0 24,60 -8,60 | {1}
30,0 60,0 56,60 24,60 | {0} -8,52 24,68 | {1} 24,52 56,68 block = #dcb/#ca9 1080,-440 900,-366
900,200 1080,240; =#ffe/#edb 1080,-440 1900,240; =#db5 1070,-456 1900,-440; row 5 0 120: row 4 130
0: =#69b 1130,-390 1190,-310 apricot = #242@.4 -160,-20 220,30; ~#433/#654 -20,6 -12,-60 -60,-170
0,-90 56,-194 16,-60 24,6; row 2 190 -10: crown 36 .26 #c89 #ebc #fee -95,-190 5,-115; crown 40 .24
#c89 #ebc #fee 0,-260 125,-170 road = ~{0} 720,1140 760,1085 987,981 1205,925 1395,870 1435,818
1350,780 1168,758 896,742 570,724 440,700 470,683 582,668 798,655 1122,633 1190,608 1125,592 720,562
690,549 740,540 905,511 903,492 915,508 715,538 670,549 700,566 1118,600 1149,610 1100,622 560,656
400,672 340,700 446,730 626,750 887,768 1200,790 1320,815 1275,843 901,915 645,971 450,1060 395,1140
glacier-lake = veil #69b/#acd/#fec/#fca 0 640; glow #ffc@.8 320,420 940,0; clouds #ffe 40 330; peaks
#abc/#ddd #8ac #fffaf0 540 660 320 430; peaks #567/#899 #346 #fff9f0 400 665 0 0 -20,430 160,250
330,380 520,170 690,330 850,500 950,490 1160,200 1300,330 1470,230 1620,400; ~#fffaf0/#cee/#9cd
790,440 800,490 740,560 740,610 660,668 1120,668 1080,610 990,560 980,500 1010,430; row 2 40 0:
~3#58a@.5 850,480 830,520 800,570 800,610 740,664; ~3#58a@.5 935,480 920,570 960,610 980,664;
~#257@.2 1010,430 980,500 1080,610 1120,668 960,668 890,500; scatter 60 1 .8 670 655 1110 668:
2#38a@.7 0,0 6,-26; ground #665/#444 .06 -20,500 330,600 780,668; ground #665/#444 .06 960,668
1300,570 1620,480; clouds #fff 480 670 110 2 8 120; water #7cb/#289/#156/#035 662 1067 1.2 90 150
190 225; ground #554/#222 .05 -20,900 420,950 860,1080; scatter 46 .1 .5 0 945 390 1080: boulder;
person 330,955 1.2 #b43 #234; 3#eed 356,958 352,830
steppe-wind = veil #269/#8bc/#edb/#fb8 0 730; glow #ffc 1130,640 1830,0; #ffe 1088,596 1172,680;
clouds #ffe/#fca 40 640 210 2; ground #ca9/#db9 .03 0,660 1600,650; row 7 230 0: turbine 70,690 1.6
#edc #cba; ground #b96/#ca6 .03 0,700 1600,690; turbine 860,735 3.3 #fed #bba; ground #a84/#b94 .03
0,740 1600,716; turbine 440,775 4.7 #ffe #aab; ground #873/#663 .03 0,790 1600,770; turbine 1350,800
-5.6 #fff #9aa; clouds #eb6 770 1067 120 6 30; row 2 80 12: horse 690,850 .5 #322; horse 590,858
-.54 #753; scatter 330 .4 1.5 -20 800 1600 1090: blades #442@.5 #db5@.6 #fd8@.6
night-city = veil #071026/#16224f/#447/#b77/#e97 0 640; scatter 99 2 .5 0 0 1600 330: #fff@.7 -1,-1
1,1; peaks #447/#658 #236 #ccd 470 790 340 460; clouds #e98 500 660 110; veil #335 690 810 0 255
255; row 10 160 0: scatter 3 .6 1.1 0 740 160 780: tower #225/#446 #fda@.8; row 6 290 0: scatter 2
.7 1.4 0 800 280 815: tower #113/#225 #fd8; #113 1123,800 1130,380 1137,800; glow #f65 1130,382
1176,0; veil #0a1022 806 832; scatter 60 1 1 0 800 1600 812: crown 16 .4 #0c1228 #124 0,0 34,36; row
16 106 0: lamp 30,828 .7 #012 #ffc | glow #fc7@.7 30,762 90,0; water #113/#0a1022 832 1067 2 50 150
bazaar = veil #6bc/#bdd/#feb 0 560; clouds #ffe 20 300; ^~#299/#156 860,70 905,80 985,130 1045,215
1060,310 1060,380 860,380; ~#034@.3 930,380 905,80 985,130 1045,215 1060,310 1060,380; =#da6/#a74
636,372 1084,560; row 8 52 0: ~#643 662,500 662,430 678,400 694,430 694,500; row 2 1170 0:
=#eb8/#b85 -90,330 640,600 | =#278 -90,340 640,358; veil #322/#211 540 1067; row 3 540 0: stall
-40,450 1.1 #b43 #fec | stall 230,450 1.1 #277 #fec; row 2 1000 0: stall -180,540 2 #da3 #933 |
stall 320,540 2 #b43 #fec; veil #221a18 640 1067 0 200 200; row 2 1020 0: woman 140,860 2.8 #724
#fed | person 400,860 2.9 #345 #ffe; woman 660,860 2.8 #265 #c54; person 930,860 2.9 #653 #222; row
3 600 0: pile 50,775 1.7 #c33 | pile 265,775 1.7 #ec4 | pile 450,775 1.7 #7a3; =#753/#321 0,792
1600,1067; row 2 1000 0: pile -20,880 2.5 #e93 | pile 230,880 2.5 #eda | pile 480,880 2.5 #b53 |
pile 730,880 2.5 #793; =#753/#321 0,903 1600,1067; row 2 1100 0: pile 60,1010 3.7 #eda | pile
420,1010 3.7 #e93 | pile 780,1010 3.7 #7a3; =#753/#321 0,1045 1600,1067
railway = veil #59b/#acd/#fec/#fda 0 700; glow #ffd@.7 1250,330 1810,0; clouds #fff 20 300; peaks
#9ac/#ccc #79a #ffe 400 760 240 430; peaks #688/#ab9 #467 #467 0 900 0 0 -20,420 130,360 330,520
800,700 1250,480 1620,400; veil #8a8/#696 800 1067 0 255 255; clouds #ffe 520 900 190 2 6 90; ground
#575/#354 .05 -20,560 160,600 330,740 760,960; ground #685/#354 .05 840,960 1260,740 1430,620
1620,590; ~#dee/#6aa 770,880 830,880 900,970 820,1010 900,1090 640,1090 700,1000 790,965; row 11 140
0: pier 110,590 1 #dcb/#899; =#eed 0,572 1600,592; =#333 0,566 1600,572; row 3 -392 0: wagon 980,567
.92 #a43 #267 | wagon 784,567 .92 #da4 #674; #265 1176,559 1176,507 1189,486 1243,486 1251,503
1378,505 1395,520 1395,559; =#eb4 1176,532 1395,540; =#bdd 1195,492 1240,504; =#111 1184,555
1387,567; row 2 1040 0: scatter 34 .8 1.6 0 790 560 1090: fir #244; clouds #ffe 760 1010 110 2 6
reservoir = veil #38b/#9cd/#fed 0 520; clouds #fff 20 330; peaks #aab/#dcb #89a #ffe 340 560 270
400; peaks #b97/#cb8 #876 #876 0 640 400 460; =#ddc/#aa9 520,520 1130,752; row 9 62 0: =#888 560,520
570,750 | =#ccb 556,490 574,520; ground #b58f62/#754 .05 -20,330 150,360 320,440 470,530 640,760;
row 12 -13 24: ~2#543@.35 -20,350 150,385 320,465 450,540 590,700; ground #b58f62/#754 .05 1040,760
1230,500 1620,340; row 12 13 24: ~2#543@.35 1100,690 1240,515 1620,365; #edc/#cb9 0,660 572,660
640,760 0,760; #edc/#cb9 1104,660 1600,660 1600,760 1040,760; row 9 0 10: 1.5#975@.4 0,668 576,668 |
1.5#975@.4 1100,668 1600,668; water #5cc/#289/#156 750 1067 1.3 110 170 215; #eed/#aa9 1304,902
1300,570 1360,570 1356,902; =#234@.3 1334,570 1357,900; row 7 0 44: =#b53 1310,582 1322,604; =#ccb
1290,554 1370,570; =#b53 1296,500 1364,554; #732 1288,500 1330,470 1372,500; =#bde 1312,510 1348,536
cotton-field = veil #38b/#9cd/#feb/#fc8 0 540; glow #ffc 340,470 960,0; #ffe 304,416 376,488; clouds
#fff 20 380; scatter 18 1 1 -10 528 420 536: poplar 0,0 .9 #564 #784 #aa5; scatter 44 1 1 600 528
1610 536: poplar 0,0 .9 #564 #784 #aa5; veil #fda 420 540 0 120 60; veil #864/#643/#432 528 1067;
furrows 860,528; woman 1120,720 1.2 #a34 #fff; woman 700,660 .85 #268 #ffe; woman 560,800 1.7 #c72
#b33; woman 1250,640 .7 #548 #d54
mountain-road = veil #38b/#8bd/#eed 0 560; clouds #fff 10 330; peaks #78a/#bcb #468 #fff 380 640 0 0
-20,420 180,260 400,390 640,180 820,330 1000,260 1240,120 1440,300 1620,220; clouds #fff 330 560 150
2 7; peaks #797/#896 #575 #575 0 760 400 490; ground #895/#573 .04 -20,640 700,540 900,470 1620,590;
clouds #ab5 480 1067 150 5 16; road 0,10 1 #342@.5; road -3,-2 1.002 #cb9; road 4,2 .9965 #666/#555;
~2#ffd@.8 680,1022 1007,935 1285,869 1367,820 1210,778 819,751 493,724; lorry 640,746 .62 #b43 #dcb;
lorry 850,643 -.26 #258 #cca; row 2 1410 0: scatter 24 .5 1.7 0 640 210 1050: fir #244
border-post = veil #48a/#acd/#fec 0 600; clouds #fff 20 360; peaks #89a/#ccb #678 #fff 400 640 250
420; peaks #a97/#ba8 #776 #776 0 690 490 570; ground #ba7/#875 .01 -20,652 1620,648; clouds #dc8 640
1067 140 6 26; #666/#445 560,640 640,640 1240,1067 -120,1067; avenue 1 1 600 640: #ddb 34,0 38,0
600,427 570,427; row 34 46 0: 3#555 0,688 0,618; row 3 0 16: 2#566 0,630 540,630 | 2#566 700,630
1600,630; lorry 250,728 .7 #b43 #676; row 2 500 0: =#788/#566 820,560 834,750; #eed/#ccb 760,504
1420,504 1390,560 790,560; =#eed/#ccb 880,636 1030,786; #ccb/#a98 1030,786 1070,778 1070,644
1030,636; #732 870,636 1080,642 1074,626 900,618; =#478/#9cc 894,658 972,724; =#433 986,674
1020,786; avenue 1 1 1445 480: 6#444 50,250 32,0; =#dcb/#ba9 1390,400 1500,480; =#589 1400,418
1490,454; #732 1376,400 1514,400 1445,358; person 800,828 1.3 #454 #232; lorry 60,880 1.7 #da3 #ccc;
=#bba/#876 1182,780 1218,900; row 9 -92 4: 18#d32 1200,801 1154,803 | 18#ffe 1154,803 1108,805
parliament = veil #36a/#9bd/#fdc/#fca 0 660; clouds #fee 10 380; peaks #9ac/#dcc #78b #fff 420 660
270 400; veil #fdb 440 660 0 160; veil #684/#473 630 800; row 38 44 0: crown 20 .36 #354 #464 #796
-20,630 26,570; =#456/#bbb 240,480 1360,700; =#ffe/#edc 224,464 1376,490; row 20 28 0: =#ffe/#ccb
248,490 260,674 | =#ffe/#ccb 808,490 820,674; =#ffe/#ccb 500,400 1100,700; =#345/#788 514,420
1086,670; =#edc 620,350 980,370; =#fed/#cba 484,370 1116,404; row 17 34 0: =#fff/#ddc 519,404
537,670; ^#eed/#ba9 800,670 1130,670 1270,728 800,728; 4#888 800,352 800,230; ~#c33/#922 800,232
830,226 860,236 892,230 892,280 860,286 830,276 800,282; ^#dcb/#ba9 800,728 1270,728 1360,790
800,790; avenue 1 1 800 0: fir 640,742 2.3 #254 | fir 740,770 2.9 #243 | lamp 452,778 1.3 #445 #ffd;
person 700,776 .42 #345 #222; =#edc 0,786 1600,796; water #69c/#368/#146 796 1067 1 70 120 190
school-yard = veil #49c/#ade/#fec 0 520; clouds #fff 10 330; peaks #abc/#ddc #89b #ffe 350 540 280
370; veil #ca6/#a85 530 670; row 17 100 0: poplar 10,564 4 #a72 #d93 #ec5; =#fec/#ec9 210,330
1390,660; #b64/#843 180,326 250,252 1350,252 1420,326; =#fff 194,316 1406,336; =#ab9/#899 210,616
1390,660; row 13 88 0: window 244,372 1; row 6 88 0: window 244,500 1 | window 860,500 1; =#278
748,510 852,660; row 2 48 0: =#8bb/#cdd 756,520 796,652; =#ffe/#dca 710,484 890,504; ^#dcb 800,660
880,660 896,680 800,680; #224@.14 830,330 1390,330 1390,660 930,660; veil #cb9/#a97/#876 660 1067;
clouds #edb 660 1067 130 8 22; 6#ffe 420,720 1180,720 1420,1010 180,1010 420,720; #ffe 665,812
935,904; #ba8 671,816 929,900; 10#566 250,900 252,570 300,556; #fff/#ddc 300,470 322,460 322,600
300,590; =#e63 316,574 366,579; scatter 180 .3 1 0 680 1600 1060: #d93@.8 -9,-4 9,4; row 2 480 -10:
pupil 560,800 1.2 #fff #221 #d43 | pupil 640,808 1.12 #247 #211 #ea3; pupil 1240,905 1.5 #247 #111
#d43; pupil 420,930 1.56 #fff #211 #278; #d73 724,830 756,862
desert-boulevard = veil #38c/#acd/#fec/#fda 0 600; glow #ffd@.9 800,560 1420,0; clouds #ffe 20 340;
peaks #ca9/#eca #a88 #a88 0 600 400 500; veil #fdb 480 600 0 190; veil #edb/#cb8 590 1067; avenue 9
.6 800 590: block; #ccb/#aa9 790,590 810,590 1500,1067 100,1067; avenue 1 1 800 590: #fed 3,0 4,0
348,477 320,477 | #ffe 9,0 10,0 740,477 688,477; avenue 14 .45 800 590: #ffe 145,260 158,260 128,210
117,210; avenue 12 .35 800 590: crown 30 .4 #354 #574 #895 700,150 755,250 | lamp 560,240 5 #ffe
#fff; glow #fdb@.9 800,570 1100,0; woman 1130,930 1.5 #d73 #ffe; 4#753 1148,850 1200,940
yurt-camp = veil #347/#76a/#e98/#fc9 0 600; glow #fea 1150,520 1790,0; scatter 90 1.4 .6 0 0 1600
240: #fff@.7 -1,-1 1,1; clouds #fba 120 480 190 2; peaks #669/#c99 #448 #fdc 400 640 230 420; peaks
#558/#878 #346 #346 0 690 440 560; veil #fb9 540 680 0 110 0; ground #675/#464 .03 -20,640 1620,640;
ground #564/#243 .03 -20,730 1620,730; clouds #9a5 640 1067 120 5 18; ~#fca/#88a/#468 1330,640
1240,690 1330,740 1150,820 1250,920 1060,1080 1420,1080 1420,920 1260,820 1390,745 1270,690
1345,640; row 2 100 14: camp 980,690 .62; camp 640,730 1.1; camp 820,770 1.5; camp 380,830 2.5;
woman 560,850 1.1 #a34 #ffe; person 600,852 1.18 #235 #ffe; horse 1010,840 1 #321; horse 1160,780
-.74 #642; horse 760,900 -1.3 #853; horse 1480,800 -.84 #211; scatter 260 .4 1.3 -20 850 1600 1090:
blades #232@.6 #243@.6 #895@.6; scatter 120 .4 1 0 800 1600 1060: #feb@.8 -4,-4 4,4
observatory = veil #060a1e/#0f1c48/#347/#868/#ea7 0 860; trails 520,330; veil #ea8 560 860 0 60 190;
peaks #448/#879 #336 #cbc 660 840 590 700; peaks #335/#446 #224 #224 0 940 720 790; ground
#12152e/#070914 .04 -20,930 760,860 1240,855 1620,890; glow #fb7@.35 1060,700 1390,0; =#bbc/#557
940,730 1180,860; ^~#eee/#88a 1060,580 1120,588 1172,640 1188,710 1188,736 1060,740; =#88a 926,726
1194,744; ~#113@.4 1080,582 1120,588 1172,640 1188,710 1188,736 1100,738 1110,660; #112 1026,582
1054,578 1062,710 1016,710; #fc8 1033,600 1048,594 1054,704 1024,704; row 2 80 0: =#fd8 1000,780
1024,810; =#1a1c38 760,812 910,868; row 2 46 0: =#fc8 780,828 800,848; person 930,870 .62 #012 #001;
veil #05070f 960 1067 0 255; row 2 1360 0: scatter 15 1.2 2.4 -60 1000 300 1060: fir #05070f
port-cranes = veil #258/#88a/#fa7/#fd8 0 690; glow #ffb 1080,560 1840,0; #ffe 1028,496 1132,600;
clouds #fdb/#fa8 60 560 220 2; ground #a89/#b99 .03 -20,625 1620,625; stack 0,600 1.1; stack 210,600
1; stack 400,600 1.1; =#335/#224 0,600 640,690; crane 110,600 2.3 #546 #fd8; crane 300,600 3 #435
#fd8; crane 520,600 3.7 #224 #fd8; row 2 195 0: stack 750,612 1.15; #334/#223 730,684 700,610
1340,610 1290,684; #a43/#633 722,662 730,684 1290,684 1304,662; =#edd/#a99 1160,500 1270,610; =#edd
1180,476 1250,500; row 3 0 28: =#545 1168,512 1262,524; =#a43 1278,530 1310,610; water
#ea7/#768/#236 684 1067 1.8 40 110 210; scatter 200 .2 1.2 900 690 1260 1060: #ffc@.6 -24,-1 24,1;
row 3 60 -30: 3#335 848,305 860,310 872,304
apricot-orchard = veil #49c/#ade/#fed 0 560; clouds #fff 10 330; peaks #79b/#ccc #57a #fff 400 600
190 370; peaks #9a8/#bb9 #798 #798 0 640 440 520; clouds #fff 470 620 130 2 7; row 8 220 0: poplar
40,610 1.3 #796 #9a6 #cc8; =#ca7/#a75 0,588 1600,640; veil #9b5/#694/#473 630 1067; clouds #cc6 640
1067 140 6 20; ~#543@.5 780,630 808,630 880,800 1000,1100 600,1100 715,800; ~#dee/#7bc/#379 790,630
800,630 850,800 960,1100 640,1100 740,800; avenue 9 .55 800 620: apricot 1150,330 1 | apricot
750,330 1 | apricot 340,330 1; scatter 400 .3 1 0 660 1600 1060: #fee@.85 -4,-2 4,2; scatter 160 .4
1 -20 880 1600 1090: blades #363@.5 #363@.5 #6a4@.5; woman 620,860 1.5 #36a #d43
bust = ^~{0} 0,150 70,170 140,196 220,228 262,290 272,420 0,420; ~#000@.15 130,192 220,228 262,290
272,420 150,420 140,300; ^{1} 0,150 56,160 0,300; avenue 1 1 0 0: #000@.2 54,160 92,178 46,300 3,346
3,298; ^~{2} 0,60 52,60 52,150 66,178 0,215; ~#412@.25 -52,90 52,90 52,140 0,176 -52,140; row 2 192
0: {2} -109,-14 -83,36; ^~{2} 0,-120 64,-114 100,-66 100,0 92,58 66,108 30,138 0,142; ~#412@.1
30,-110 70,-104 100,-60 100,0 88,60 62,108 26,138 48,90 60,30 52,-50; row 2 104 0: glow #d54@.4
-52,46 -14,46; avenue 1 1 0 0: ~#fff 21,1 34,-8 50,-8 61,3 48,9 34,9 | #321 34,-8 49,8 | #fff 38,-5
42,-1 | ~4#211 20,2 32,-9 50,-10 64,3 | ~{4} 18,-26 44,-38 72,-24 44,-30; ~#412@.16 4,-4 16,36 23,52
12,60 0,62 6,30; ~2.5#412@.45 -18,50 -10,60 0,57 10,60 18,50; ~{3} -32,87 -14,81 0,84 14,81 32,87
14,101 0,104 -14,101; ~2.5#412@.7 -37,84 -16,91 0,91 16,91 37,84 wall = veil {0} 0 640; glow
#fff@.45 -150,-150 330,0; clouds #fff 0 640 50 2 2 short = ~{0} -101,0 -113,-60 -94,-120 -30,-150
44,-146 100,-110 113,-56 101,0 93,-44 74,-80 20,-68 -40,-88 -84,-66 -91,-40 thin = ~{0} -101,0
-111,-60 -88,-118 -20,-142 50,-136 100,-98 110,-50 101,0 93,-40 82,-88 30,-108 -30,-112 -80,-88
-91,-40 long = ^~{0} 0,-150 80,-140 126,-70 126,60 138,170 104,250 0,255 parted = ^~{0} 0,-152
78,-140 119,-72 115,40 100,50 94,-30 66,-76 0,-114 swept = ~{0} -106,50 -122,-40 -102,-120 -30,-154
54,-146 112,-102 123,-30 108,50 94,-20 70,-66 -20,-104 -70,-60 -94,-10 shawl = ^~{0} 0,-154 86,-142
132,-70 128,40 120,130 170,200 0,260 scarf = avenue 1 1 0 0: ~{0} -8,-156 82,-144 130,-76 126,30
102,114 50,164 -8,186 -8,148 46,124 86,66 94,0 86,-58 56,-92 -8,-106 | ~3#000@.15 60,-110 100,-60
108,20 84,90 30,148 kalpak = ^~#fff/#dcc 0,-222 44,-212 82,-150 104,-92 0,-78; ^#223 0,-100 106,-86
110,-64 0,-78 doppa = ^~#234 0,-166 80,-160 102,-104 104,-78 0,-68; row 3 56 0: ~#fff@.9 -66,-94
-62,-126 -50,-126 -46,-94 beard = ~{0} -100,0 -90,80 -54,134 0,154 54,134 90,80 100,0 86,66 48,112
0,112 -48,112 -86,66; ~{0} -42,82 -14,68 0,72 14,68 42,82 14,80 0,78 -14,80 glasses = avenue 1 1 0
0: ~4#222 13,0 17,-20 42,-24 67,-18 69,4 58,22 36,24 17,18 13,0 | 4#222 0,-6 14,-6
sergey-kwan = wall #abc/#567; bust #345 #fff #eca #b65 #211; short #211; glasses
aizada-mamyrova = wall #dcb/#977; long #211; bust #265 #ffe #eb9 #b45 #211; parted #211
daniyar-ospanov = wall #bcb/#576; bust #334 #cde #da8 #a65 #111; short #111
madina-yuldasheva = wall #ecb/#a76; long #321; bust #835 #fed #ea8 #b43 #321; swept #321
firuz-rahmonov = wall #cba/#765; bust #443 #ffe #c96 #954 #211; short #211; beard #211; doppa
ogulnar-atayeva = wall #bcd/#568; shawl #923; bust #423 #923 #da8 #a43 #211; scarf #b34
elena-voronina = wall #cdc/#687; bust #457 #fff #f0cdb0 #b55 #975; swept #ca7; glasses
marat-seitkali = wall #ccb/#665; bust #222 #778 #d6a077 #a54 #111; short #222; beard #222
nurgul-bekova = wall #bde/#479; long #111; bust #148 #def #eb9 #b45 #111; parted #111; glasses
thomas-hale = wall #dcc/#867; bust #654 #def #efcaae #b65 #764; thin #975; beard #975
zulfiya-karimova = wall #eda/#a74; shawl #267; bust #245 #267 #da8 #a44 #433; scarf #388
bakyt-asanov = wall #bca/#574; bust #563 #fff #db8 #a65 #111; short #221
omurbek-zheenbai-uulu = wall #cde/#678; bust #532 #edc #c96 #954 #433; thin #655; kalpak
viktor-lim = wall #ccc/#667; bust #445 #eee #eca #a65 #666; thin #999; glasses
saida-mirzoeva = wall #edc/#a66; bust #725 #fed #e6b48c #b34 #211; swept #211
"""
DRAWINGS = dict(re.findall(r"([a-z-]+)\s=\s(.+?)(?=\s+[a-z-]+\s=\s|\Z)", DRAWN, re.S))


def smooth(points, closed=True, cuts=(0.25, 0.75)):
    """Round an outline by cutting its corners, again and again."""
    for _ in range(4):
        pairs = pairwise([*points, points[0]] if closed else [points[0], *points, points[-1]])
        points = [(a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairs for t in cuts]
    return points


def ramp(values, size, mode="RGB"):
    """Run smoothly through values from top to bottom of an area."""
    strip = Image.new(mode, (1, len(values)))
    strip.putdata(values)
    return strip.resize((1, size[1]), SMOOTH).resize(size)


class Canvas:
    """A picture in the making; its methods are the verbs of a drawing."""

    def __init__(self, name, size, *middle):
        self.rng, self.image = Random(name), Image.new("RGB", size)
        self.draw(DRAWINGS[name], *middle)

    def draw(self, text, x=0.0, y=0.0, scale=1.0):
        for part in text.split(";"):
            head, _, rest = part.partition(":")
            verb, *words = head.split()
            points = [[float(n) for n in word.split(",")] for word in words if "," in word]
            points = [(x + a * scale, y + b * abs(scale)) for a, b in points]
            others = [word if "#" in word else float(word) for word in words if "," not in word]
            if rest:
                for a, b, s in getattr(self, verb)(*others):
                    self.draw(rest.replace("|", ";"), x + a * scale, y + b * abs(scale), s * scale)
            elif verb in DRAWINGS:
                place, (size, *tones) = (points[0], others) if points else ((x, y), (1, *others))
                self.draw(DRAWINGS[verb].format(*tones), *place, size * scale)
            elif "#" in verb:
                self.outline(*verb.split("#", 1), points, abs(scale))
            else:
                getattr(self, verb)(*others, *points)

    def outline(self, flags, style, points, scale):
        width = float(flags.strip("=~^") or 0) * scale
        if not width and not points[2:]:
            (a, c), (b, d) = (sorted(axis) for axis in zip(*points, strict=True))
            points = [(a, b), (c, b), (c, d), (a, d)] if "=" in flags else [(a, b), (c, d)]
        if "^" in flags:
            points += [(2 * points[0][0] - a, b) for a, b in points[::-1]]
        self.shapes([smooth(points, not width) if "~" in flags else points], "#" + style, width)

    def row(self, count, dx, dy, chance=1.0):
        return [(i * dx, i * dy, 1) for i in range(int(count)) if self.rng.random() < chance]

    def avenue(self, count, step, x, y):
        """Give places on both sides of a way to a vanishing point, the farthest first."""
        return [(x, y, s / (1 + i * step)) for i in range(int(count) - 1, -1, -1) for s in (-1, 1)]

    def scatter(self, count, small, large, x0, y0, x1, y1):
        """Give places by chance in a box, growing from small to large down it."""
        near, any_of = sorted(self.rng.random() for _ in range(int(count))), self.rng.uniform
        grown = [(t, (small + (large - small) * t) * any_of(0.75, 1.1)) for t in near]
        return [(any_of(x0, x1), y0 + (y1 - y0) * t, size) for t, size in grown]

    def paint(self, mask, box, style):
        """Lay a colour, or several from top to bottom, through a mask."""
        colours, _, alpha = style.partition("@")
        tones = [ImageColor.getrgb(tone) for tone in colours.split("/")]
        mask = mask.point(lambda v: round(v * float(alpha))) if alpha else mask
        self.image.paste(ramp(tones, mask.size) if tones[1:] else tones[0], box, mask)

    def shapes(self, many, style, width=0.0):
        """Fill polygons or ovals, or stroke lines, antialiased, all through one mask."""
        xs, ys = zip(*(point for points in many for point in points), strict=True)
        left, top = max(0, int(min(xs) - width - 1)), max(0, int(min(ys) - width - 1))
        wide = min(self.image.width, math.ceil(max(xs) + width + 1)) - left
        high = min(self.image.height, math.ceil(max(ys) + width + 1)) - top
        if wide <= 0 or high <= 0:
            return
        fine = 4 if wide * high < 60000 else 2
        mask = Image.new("L", (wide * fine, high * fine))
        pen, more = ImageDraw.Draw(mask), (max(1, round(width * fine)), "curve") if width else ()
        stroke = pen.line if width else pen.polygon if many[0][2:] else pen.ellipse
        for points in many:
            stroke([((x - left) * fine, (y - top) * fine) for x, y in points], 255, *more)
        self.paint(mask.reduce(fine), (left, top, left + wide, top + high), style)

    def ovals(self, many, style):
        self.shapes([[(x - r, y - r * 0.8), (x + r, y + r * 0.8)] for x, y, r in many], style)

    def veil(self, style, top, bottom, *strengths, noise=None):
        """Wash a band with strengths (0 to 255, top to bottom), broken up by noise."""
        box = (0, int(top), self.image.width, int(bottom))
        mask = ramp([int(s) for s in strengths or (255,)], (box[2], box[3] - box[1]), "L")
        self.paint(ImageChops.multiply(mask, noise.crop(box)) if noise else mask, box, style)

    def clouds(self, style, top, bottom, strength=200, across=3, down=9, cover=112):
        """Spread patches over a band: long ones are clouds, small ones wear the ground."""
        noise = None
        for octave in range(4):
            cells = (int(across) << octave, int(down) << octave)
            layer = Image.frombytes("L", cells, self.rng.randbytes(math.prod(cells)))
            layer = layer.resize((400, 267), SMOOTH)
            noise = Image.blend(noise, layer, 1 / (2 ** (octave + 1) - 1)) if noise else layer
        noise = ImageOps.autocontrast(noise).resize(self.image.size, SMOOTH)
        noise = noise.point(lambda v: max(0, min(255, round(v - cover) * 3)))
        self.veil(style, top, bottom, 0, strength, strength, 0, noise=noise)

    def glow(self, style, centre, edge):
        mask = Image.radial_gradient("L").point(lambda v: round(max(0, 1 - v / 178) ** 2 * 255))
        r = round(abs(edge[0] - centre[0])) + 1
        box = [round(c) + side * r for side in (-1, 1) for c in centre]
        self.paint(mask.resize((2 * r, 2 * r)), box, style)

    def crag(self, line, rough=0.13, depth=4, sideways=1.0):
        """Break a line up by midpoint displacement."""
        for _ in range(depth):
            broken = [line[0]]
            for (x0, y0), (x1, y1) in pairwise(line):
                reach = math.hypot(x1 - x0, y1 - y0) * rough
                dx, dy = (self.rng.uniform(-reach, reach) for _ in "xy")
                broken += [((x0 + x1) / 2 + dx * sideways, (y0 + y1) / 2 + dy), (x1, y1)]
            line = broken
        return line

    def ground(self, style, rough, *line, foot=H):
        """Fill everything below a broken line; return the line."""
        edge = self.crag(line, rough, 10 - len(line).bit_length(), 0)
        self.shapes([[*edge, (edge[-1][0], foot), (edge[0][0], foot)]], style)
        return edge

    def peaks(self, rock, shade, snow, snowline, foot, top, base, *line):
        """Paint a range lit from the left: rock, snow above a line, shadowed right faces."""
        any_of, tall = self.rng.uniform, base - top
        ups = [base - tall * any_of(*((0.5, 1), (0, 0.25))[i % 2]) for i in range(9)]
        line = line or [(i * 205 - 20, y) for i, y in enumerate(ups)]
        edge = self.ground(rock, 0.16 if snowline else 0.1, *line, foot=foot)
        xs, ys = zip(*edge, strict=True)
        if snowline:
            low = self.crag([(x, snowline) for x in xs[::64]], 0.3, 6, 0)
            low = [max(ys[i] + 2, y + (snowline - ys[i]) * 0.2) for i, (_, y) in enumerate(low)]
            self.shapes([edge + list(zip(xs, low, strict=True))[::-1]], snow)
            self.facets(edge, [(i, max(ys[i], y - 25)) for i, y in enumerate(low)][::2], 3.6, snow)
        places = [(i, any_of(0, 1) ** 1.5) for i in self.rng.choices(range(len(xs)), k=130)]
        places = [(i, ys[i] + 15 + (foot - ys[i]) * t) for i, t in places]
        self.facets(edge, places, 4, shade + "@.28")
        for reach, alpha in ((24, 0.72), (9, 0.5), (3, 0.4)):
            faces = []
            for i in range(1, len(xs) - 2):
                if ys[i] <= min(ys[max(0, i - reach) : i + reach]):
                    j = max(range(i, min(len(xs), i + reach * 2)), key=ys.__getitem__)
                    lean, drop = any_of(0.1, 0.6), any_of(1.5, 2.4)
                    low = (xs[i] + (xs[j] - xs[i]) * lean, ys[i] + (ys[j] - ys[i]) * drop)
                    faces.append(edge[i:j] + self.crag([edge[j], low]) + self.crag([low, edge[i]]))
            self.shapes(faces, f"{shade}@{alpha}")

    def facets(self, edge, places, tall, style):
        """Draw narrow facets running down the slopes below a ridge."""
        many, any_of = [], self.rng.uniform
        for i, y in places:
            fall = (edge[min(i + 20, len(edge) - 1)][1] - edge[max(i - 20, 0)][1]) / 150
            x, w = edge[i][0], any_of(5, 22)
            h = w * tall * any_of(0.5, 1.3)
            middle, end = x + fall * h / 2, (x + fall * h, y + h)
            facet = [(x, y), (middle + w / 2, y + h / 2), end, (middle - w / 3, y + h / 2)]
            many.append(self.crag(facet, 0.15, 1))
        self.shapes(many, style)

    def water(self, style, top, bottom, sway, *strengths):
        """Mirror what stands above a waterline into rippled, tinted, glinting water below it."""
        for depth in range(int(bottom - top)):
            ripple = sway * (math.sin(26 * math.log(depth + 14)) + self.rng.gauss(0, 0.45))
            source = int(top) - max(2, 2 + int(depth * 0.92 + ripple * (1 + depth / 40)))
            strip = self.image.crop((0, source, W, source + 1))
            strip = ImageChops.offset(strip, round(ripple * depth / 90), 0)
            self.image.paste(strip, (0, int(top) + depth))
        self.veil(style, top, bottom, *strengths)
        self.draw(f"scatter 150 .2 1 0 {top + 3} {W} {bottom} : #fff@.3 -24,-1 24,1")

    def crown(self, count, leaf, *rest):
        """Build foliage of clumps, dark below and light above left."""
        *tones, (x, y), (right, low) = rest
        rx, ry, any_of = abs(right - x), abs(low - y), self.rng.uniform
        for i, tone in enumerate(tones):
            turns = [(any_of(0, math.tau), any_of(0, 1) ** 0.5) for _ in range(int(count))]
            spots = [(math.cos(a) * far, math.sin(a) * far) for a, far in turns]
            spots = [(x + (a - i * 0.1) * rx, y + (b - i * 0.14) * ry) for a, b in spots]
            size = min(rx, ry) * leaf * (1 - 0.2 * i)
            self.ovals([(*spot, size * any_of(0.6, 1.2)) for spot in spots], tone)

    def furrows(self, end):
        """Sow rows of cotton that meet at a point on the horizon."""
        for t in ((i / 60) ** 2 for i in range(60)):
            y, s, rng = end[1] + 4 + t * 590, 1.5 + t * 38, self.rng
            row = [end[0] + k * (14 + t * 210) + rng.gauss(0, s) * 0.2 for k in range(-40, 41)]
            bolls = [(x + rng.uniform(-s, s), y - s * rng.random() * 0.9) for x in row * 4]
            self.ovals([(x, y, s * 1.2) for x in row], "#332")
            self.ovals([(x, y - s * 0.25, s * 0.95) for x in row], "#784/#563")
            self.ovals([(*boll, s * 0.17) for boll in bolls], "#fffdf4/#cca")

    def trails(self, pole):
        """Turn the stars around the pole."""
        for tone in ("#fff@.8", "#fec@.6", "#bdf@.6", "#8ae@.5") * 75:
            r, start = 14 + 1300 * self.rng.random() ** 0.7, self.rng.uniform(0, math.tau)
            arc = [
                (r * math.cos(start + k * 0.03), r * math.sin(start + k * 0.03)) for k in range(21)
            ]
            self.shapes([[(x + pole[0], y + pole[1]) for x, y in arc]], tone, 1.4)

    def jpeg(self):
        """Add a little grain against banding and give the finished file."""
        dust = Image.frombytes("L", self.image.size, self.rng.randbytes(math.prod(self.image.size)))
        dust, out = Image.merge("RGB", [dust.point(lambda v: v * 7 // 256)] * 3), io.BytesIO()
        ImageChops.add(self.image, dust, 1, -3).save(out, "JPEG", quality=88)
        return out.getvalue()


def draw(name):
    """Give a picture as a JPEG, 1600 x 1067."""
    return Canvas(name, (W, H)).jpeg()


def portrait(slug):
    """Give a person's portrait as a JPEG, 640 x 640; it suits a round crop."""
    return Canvas(slug, (640, 640), 320, 290, Random(slug).choice((-1.05, -1, 1, 1.05))).jpeg()


SAID = """
glacier-lake | A surveyor stands by a lake below a glacier. | By August the melt has filled it.
Человек с рейкой стоит у озера под ледником. | К августу его наполняет талая вода. | K .2 .8
steppe-wind | Wind turbines stand over dry grass where horses graze. | Wind on the steppe at dusk.
Ветряки стоят над сухой травой, где пасутся лошади. | Вечерний ветер в степи. | M .6 .5
night-city | Lit windows and street lamps shine on dark water. | Bishkek after nightfall.
Освещённые окна и фонари отражаются в тёмной воде. | Бишкек после заката. | M .6 .5
bazaar | Traders stand behind pyramids of fruit under striped awnings. | The market at its busiest.
Торговцы стоят за горками фруктов под навесами. | Рынок в самый людный час. | K .5 .6
railway | A green locomotive pulls containers over a tall viaduct. | Freight crosses a gorge.
Зелёный тепловоз ведёт контейнеры по высокому виадуку. | Грузовой состав над ущельем. | K .7 .5
reservoir | A dam and a gauge tower stand above green water. | Pale rock marks the old level.
Плотина и мерная башня стоят над зелёной водой. | Светлый берег — прежний уровень. | M .5 .6
cotton-field | Women in headscarves stand in rows of ripe cotton. | Picking starts at first light.
Женщины в платках стоят среди рядов спелого хлопка. | Сбор начинают с рассветом. | K .4 .7
mountain-road | Two lorries follow a road that winds up a valley. | The climb to a summer pass.
Два грузовика едут по дороге, петляющей по долине. | Летний подъём к перевалу. | M .5 .6
border-post | Lorries and a guard wait at a striped barrier. | A crossing opens for the day.
Грузовики и пограничник стоят у полосатого шлагбаума. | Утро на пункте пропуска. | K .5 .7
parliament | A white building with columns is mirrored in a pool. | Parliament in evening light.
Белое здание с колоннами отражается в бассейне. | Парламент в вечернем свете. | M .5 .5
school-yard | Pupils with rucksacks stand outside a school. | The autumn term, between lessons.
Ученики с ранцами стоят перед школой. | Осенняя четверть, перемена. | K .5 .7
desert-boulevard | A woman sweeps an empty avenue of lamp posts. | White blocks near the desert.
Женщина подметает пустой проспект с рядами фонарей. | Белые кварталы у края пустыни. | K .7 .8
yurt-camp | Yurts glow at dusk beside a stream and grazing horses. | The day ends on a pasture.
Юрты светятся в сумерках у ручья, рядом пасутся лошади. | Джайлоо на исходе дня. | K .3 .7
observatory | Stars draw arcs above the white dome of an observatory. | A clear night on the ridge.
Звёзды чертят дуги над белым куполом обсерватории. | Ясная ночь на хребте. | M .7 .7
port-cranes | Three cranes and a ship stand against a low sun. | A Caspian port at shift change.
Три крана и судно темнеют на фоне низкого солнца. | Каспийский порт в час пересменки. | M .3 .4
apricot-orchard | Apricot trees blossom pink along a channel. | Early April in the orchards.
Абрикосы цветут розовым вдоль арыка. | Начало апреля в садах. | K .4 .6
"""
CREDITS = {"K": "Drawing: Kamila Niyazova", "M": "Marat Seitkali"}
Picture = namedtuple("Picture", "alt caption credit focal alts captions")
PICTURES = {}
for english, russian in zip(*[iter(SAID.strip().splitlines())] * 2, strict=True):
    (name, *said), (alt, caption, look) = english.split(" | "), russian.split(" | ")
    by, x, y = look.split()
    said += [f"{CREDITS[by]} / Tien Shan Courier", (float(x), float(y))]
    PICTURES[name] = Picture(*said, {"ru": alt}, {"ru": caption})
