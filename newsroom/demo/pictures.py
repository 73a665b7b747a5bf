"""Drawn pictures for the demo newspaper: landscapes and portraits, the same on every run.

A drawing is a text: parts divided by semicolons, painted from back to front.
    #024/#135@0.5 x,y x,y ...   fills an outline (two points: an oval in that box) with colours from
                                top to bottom at an opacity; ~ before it rounds, ^ mirrors, 3 strokes
    person x,y size #a #b       places another drawing, with its colours; a minus turns it round
    row 9 40 0 : part | part    repeats what follows the colon; so do avenue and scatter
    water #135 700 900 ...      anything else is a method of Canvas: its numbers, then its points
"""

import io
import math
import re
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps

W, H = 1600, 1067
SMOOTH = Image.Resampling.BICUBIC
DRAWN = """
person = #223 -10,0 -2,0 0,-40 2,0 10,0 11,-48 -11,-48; ~{0} -11,-36 -13,-62 -15,-78 -8,-86 8,-86
  15,-78 13,-62 12,-36; {0} -14,-80 -18,-62 -17,-42 -12,-42; #001@0.35 2,-37 4,-84 12,-84 18,-62
  17,-42 11,-37; ^~#b86 0,-102 6,-100 7,-90 4,-84 0,-82; ^~{1} 0,-107 8,-105 9,-92 5,-97 0,-98
woman = ^~{0} 0,-86 8,-85 14,-78 12,-60 17,-4 0,-2; {0} -13,-80 -18,-60 -15,-44 -11,-46; ~#001@0.3
  2,-4 3,-85 12,-84 18,-60 14,-44 17,-5; ^~#c97 0,-101 7,-99 7,-88 0,-83; ^~{1} 0,-107 9,-104 11,-90
  12,-74 4,-80 7,-94 0,-98
horse = {0} -38,0 -33,0 -28,-50 -25,0 -20,0 -18,-55 -42,-60; {0} 22,0 27,0 33,-45 35,0 40,0 42,-55
  20,-55; ~{0} -46,-58 -44,-84 0,-82 30,-92 60,-50 78,-18 66,-12 52,-34 36,-50 0,-46; ~#110@0.6
  -42,-82 -54,-60 -52,-24 -46,-50
lorry = {1}/{0} 0,-100 205,-100 205,-18 0,-18; #223 0,-22 292,-22 292,-10 0,-10; ~{0} 216,-14
  216,-84 226,-90 262,-88 288,-48 290,-14; ~#bcd 246,-80 260,-80 281,-50 246,-50; row 2 36 0 : #112
  14,-28 42,0; #112 234,-28 262,0
yurt = #121@0.4 -92,0 150,4 110,14 -60,12; ^{0}/#cba 0,-64 78,-62 84,-40 82,0 0,2; ^~{0}/#dcb 0,-104
  20,-102 52,-84 84,-58 0,-56; #223@0.2 8,-103 24,-101 52,-84 78,-62 84,-40 82,0 34,1 30,-58; ^#832
  0,-62 81,-58 82,-53 0,-56; ^#832 0,-24 84,-24 84,-20 0,-20; ^~#532 0,-108 18,-105 18,-98 0,-97;
  ^{1} 0,-48 15,-48 15,1 0,1
camp = glow #fc7@0.6 0,-10 70,-10; yurt 0,0 1 #fee #fd7; ~#eee@0.25 -3,-108 -10,-150 4,-190 -8,-230
  12,-270 24,-230 14,-190 14,-150 5,-108
lamp = ^{0} 0,-100 0.9,-99 1.5,0 0,0; ^{0} 0,-98 13,-99 13,-98 0,-96; row 2 27 0 : {1} -16,-98
  -11,-95
fir = ^{0} 0,-100 8,-62 4,-64 13,-40 7,-42 17,-22 8,-24 21,-6 2,-8 2,0 0,0; #cda@0.2 0,-100 -8,-62
  -4,-63 -13,-40 -6,-42 -17,-22 -7,-23 -21,-6 0,-8
poplar = 3#433 0,0 0,-40; crown 50 0.45 {0} {1} {2} 0,-55 9,-10
boulder = ~#877/#333 -70,20 -60,-20 -20,-46 30,-40 66,-6 60,24; ~#112@0.4 10,26 8,-36 40,-34 66,-6
  60,24; ~#fed@0.3 -58,-14 -20,-44 24,-38 -10,-30
turbine = {0} -1.4,0 -0.7,-100 0.2,-100 0.2,0; {1} 0,0 0,-100 0.7,-100 1.4,0; {0} -0.8,-100.6
  2.6,-106.9 33,-142.7 33.5,-142.4 5.1,-104.9 0.8,-99.4; {0} 0.9,-100.4 4.7,-94.3 20.5,-50 20,-49.8
  1.7,-93.1 -0.9,-99.6; {1} -0.1,-99 -7.2,-98.8 -53.5,-107.2 -53.4,-107.8 -6.8,-102 0.1,-101
window = #fff -5,-5 63,-5 63,83 -5,83; #589/#bdd 2,2 57,2 57,77 2,77; #fff@0.4 6,3 22,3 10,75 3,75;
  #278 27,0 31,0 31,78 27,78
tower = {0} -50,0 50,0 50,-240 -50,-240; row 6 15 0 : row 11 0 -20 0.45 : {1} -41,-14 -34,-14
  -34,-24 -41,-24
pier = {0} -70,0 70,0 70,10 34,30 22,52 17,84 19,420 -19,420 -17,84 -22,52 -34,30 -70,10; #123@0.3
  4,12 70,10 34,30 22,52 17,84 19,420 6,420
wagon = #111 4,-16 206,-16 200,0 10,0; {0} 2,-78 102,-78 102,-16 2,-16; {1} 106,-78 206,-78 206,-16
  106,-16; #fff@0.16 2,-78 206,-78 206,-70 2,-70
crane = row 2 64 0 : {0} -36,0 -28,0 0,-44 -8,-46; {0} -20,-22 20,-22 20,-19 -20,-19; {0} -20,-42
  22,-42 22,-48 14,-66 4,-66 2,-112 -2,-112 -4,-66 -18,-66 -20,-48; {1} 2,-62 11,-62 12,-54 2,-54;
  {0} 4,-60 10,-62 92,-140 90,-143; {0} -2,-112 0,-115 91,-142 90,-140; {0} -1,-115 0,-111 -26,-64
  -30,-58 -30,-74; 1#223 90,-141 90,-54; {0} 86,-56 96,-56 94,-48 88,-48
stack = row 4 46 0 : #743 0,0 44,0 44,-22 0,-22 | #467 0,-23 44,-23 44,-45 0,-45; row 3 46 0 : #a74
  46,-46 90,-46 90,-68 46,-68; #564 0,-46 44,-46 44,-68 0,-68; #457 92,0 136,0 136,-22 92,-22; #845
  46,-69 90,-69 90,-91 46,-91
fruit = {0} -10,-10 10,10; #200@0.3 -10,-10 10,10; {0} -9.5,-10 8.5,8; #ffd@0.5 -6,-7 -1,-3
pile = row 6 17.5 0 : fruit -44,0 1 {0} ; row 5 17.5 0 : fruit -35,-13 1 {0} ; row 4 17.5 0 : fruit
  -26,-26 1 {0} ; row 3 17.5 0 : fruit -17,-39 1 {0} ; row 2 17.5 0 : fruit -9,-52 1 {0} ; fruit
  0,-65 1 {0}
stall = #432 2,0 8,0 8,300 2,300; row 4 60 0 : {0} 0,0 30,0 24,60 -8,60 | {1} 30,0 60,0 56,60 24,60
  | {0} -8,52 24,68 | {1} 24,52 56,68
pupil = #324@0.3 -8,0 8,0 100,26 84,30; person 0,0 1 {0} {1}; ~{2} -9,-80 9,-80 11,-52 -11,-52
block = #dcb/#ca9 1080,-440 900,-366 900,200 1080,240; #ffe/#edb 1080,-440 1900,-440 1900,240
  1080,240; #db5 1070,-456 1900,-456 1900,-440 1070,-440; row 5 0 120 : row 4 130 0 : #69b 1130,-390
  1190,-390 1190,-310 1130,-310
apricot = #242@0.4 -160,-20 220,30; ~#433/#654 -20,6 -12,-60 -60,-170 -46,-180 0,-90 40,-200 56,-194
  16,-60 24,6; row 2 190 -10 : crown 36 0.26 #c89 #ebc #fee -95,-190 5,-115; crown 40 0.24 #c89 #ebc
  #fee 0,-260 125,-170
road = {0} 726,1142 732,1092 789,1041 987,981 1205,925 1355,878 1418,825 1340,783 1168,758 896,742
  639,727 468,709 410,699 445,685 582,668 798,655 997,643 1122,629 1171,609 1125,594 1028,583
  892,575 773,567 702,557 688,551 736,541 808,531 875,521 916,511 905,493 901,494 910,510 872,518
  805,527 733,537 680,547 694,562 769,573 890,581 1025,590 1118,601 1149,612 1111,620 991,632
  794,642 576,654 429,670 364,697 446,728 626,750 887,768 1152,787 1298,812 1321,830 1275,843
  1128,874 901,915 645,971 478,1051 419,1142
glacier-lake = veil #69b/#acd/#fec/#fca 0 640; glow #ffc@0.8 320,420 940,0; clouds #ffe 40 330;
  mountains #abc/#ddd #8ac #fffaf0 540 660 0.16 -20,470 150,390 330,430 520,320 700,420 900,330
  1100,430 1350,350 1620,450; mountains #567/#899 #346 #fff9f0 400 665 0.16 -20,430 160,250 330,380
  520,170 690,330 850,500 950,490 1160,200 1300,330 1470,230 1620,400; ~#fffaf0/#cee/#9cd 790,440
  800,490 740,560 740,610 660,668 1120,668 1080,610 990,560 980,500 1010,430; ~#257@0.2 1010,430
  980,500 990,560 1080,610 1120,668 960,668 940,600 890,500; ~3#58a@0.5 850,480 830,520 800,570
  800,610 740,664; ~2#58a@0.4 880,480 860,520 840,570 850,610 810,664; ~3#58a@0.5 940,480 920,520
  920,570 960,610 970,664; ~2#58a@0.4 965,480 950,520 950,570 1020,610 1040,664; scatter 60 1 0.8
  670 655 1110 668 : 2#38a@0.7 0,0 2,-14 6,-26; ground #665/#444 0.06 -20,500 150,540 330,600
  520,640 780,668; ground #665/#444 0.06 960,668 1130,630 1300,570 1620,480; clouds #fff 480 670 110
  2 8 120; water #7cb/#289/#156/#035 662 1067 1.2 90 150 190 225; scatter 150 0.2 1 0 665 1600 990 :
  #fff@0.4 -24,-1 24,1; ground #554/#222 0.05 -20,900 200,905 420,950 640,1010 860,1080; scatter 40
  0.1 0.5 0 945 330 1080 : boulder 0,0 1; scatter 16 0.2 0.5 330 1010 620 1080 : boulder 0,0 1;
  person 330,955 1.2 #b43 #234; 3#eed 356,958 352,830
steppe-wind = veil #269/#8bc/#edb/#fb8 0 730; glow #ffc 1130,640 1830,0; #ffe 1088,596 1172,680;
  clouds #ffe/#fca 40 640 210 2 9; ground #ca9/#db9 0.03 -20,660 300,640 700,655 1200,630 1620,650;
  row 5 150 0 : turbine 70,690 1.6 #edc #cba; row 3 140 0 : turbine 1260,690 -1.7 #edc #cba; ground
  #b96/#ca6 0.03 -20,700 400,672 900,700 1300,670 1620,690; turbine 860,735 3.3 #fed #bba; ground
  #a84/#b94 0.03 -20,740 500,716 1000,745 1620,716; turbine 440,775 4.7 #ffe #aab; ground #873/#663
  0.03 -20,790 400,770 900,800 1620,770; turbine 1350,800 -5.6 #fff #9aa; clouds #eb6 770 1067 120 6
  30; horse 690,850 0.5 #432; horse 770,862 0.56 #222; horse 590,858 -0.54 #753; grass #552@0.5 900
  800 1100 46; grass #773@0.5 900 800 1100 46; grass #db5@0.5 900 800 1100 46; grass #fd8@0.5 700
  800 1100 46
night-city = veil #071026/#16224f/#447/#b77/#e97 0 640; scatter 150 2 0.5 0 0 1600 330 : #fff@0.7
  -1,-1 1,1; mountains #447/#658 #236 #ccd 470 700 0.16 -20,480 160,380 330,450 560,330 760,440
  980,350 1180,440 1400,330 1620,450; clouds #e98 500 660 110 3 8; veil #335 690 810 0 255 255;
  scatter 22 0.5 0.7 0 690 1600 720 : tower 0,0 1 #447/#658 #fc7@0.5; scatter 20 0.6 1.1 0 740 1600
  780 : tower 0,0 1 #225/#446 #fda@0.8; scatter 14 0.7 1.4 0 800 1600 815 : tower 0,0 1 #113/#225
  #fd8; #113 1123,800 1128,480 1129,380 1131,380 1132,480 1137,800; #113 1114,550 1144,550 1140,536
  1120,536; glow #f65 1130,382 1176,0; veil #0a1022 806 832; scatter 60 1 1 0 800 1600 812 : crown
  16 0.4 #0c1228 #141c36 0,0 34,36; row 16 106 0 : lamp 30,828 0.7 #012 #ffc | glow #fc7@0.7 39,762
  90,0 | glow #fc7@0.7 21,762 72,0; water #113/#0a1022 832 1067 2.2 50 150; scatter 90 0.3 1 0 836
  1600 1060 : #fda@0.3 -24,-1 24,1
bazaar = veil #6bc/#bdd/#feb 0 560; clouds #ffe 20 300; ^~#299/#156 860,70 905,80 985,130 1045,215
  1060,310 1060,380 860,380; ~#034@0.4 905,380 912,80 985,130 1045,215 1060,310 1060,380; row 2 60 0
  : ^~2#8dd@0.5 860,60 880,130 895,250 900,370; ^#da6/#a74 860,372 1076,372 1076,520 860,520; row 8
  52 0 : ~#643 662,500 662,430 678,400 694,430 694,500; #eb8/#b85 0,320 640,320 640,600 0,600;
  #c96/#864 1080,340 1600,340 1600,600 1080,600; #278 0,330 640,330 640,350 0,350; #278 1080,350
  1600,350 1600,368 1080,368; veil #322/#211 540 1067; row 3 540 0 : stall -40,450 1.1 #b43 #fec |
  stall 230,450 1.1 #277 #fec; row 2 1000 0 : stall -180,540 2 #da3 #933 | stall 320,540 2 #b43
  #fec; veil #221a18 640 1067 0 200 200; woman 140,860 2.8 #724 #db4; person 400,860 2.9 #345 #ffe;
  woman 660,860 2.8 #265 #eed; person 930,860 2.9 #653 #222; woman 1200,860 2.8 #c64 #823; woman
  1450,860 2.7 #348 #eaa; row 2 760 0 : pile 50,775 1.5 #c33 | pile 265,775 1.5 #ec4 | pile 530,775
  1.5 #7a3 | pile 790,775 1.5 #824; #753/#321 0,790 1600,790 1600,1067 0,1067; row 2 1000 0 : pile
  -20,880 2.2 #e93 | pile 230,880 2.2 #eda | pile 480,880 2.2 #b53 | pile 730,880 2.2 #793;
  #753/#321 0,900 1600,900 1600,1067 0,1067; row 2 1100 0 : pile 60,1010 3.2 #eda | pile 420,1010
  3.2 #e93 | pile 780,1010 3.2 #7a3; pile 1520,1010 3.2 #c33; #753/#321 0,1040 1600,1040 1600,1067
  0,1067; row 3 400 0 : #feb@0.07 300,0 420,0 180,1067 -160,1067
railway = veil #59b/#acd/#fec/#fda 0 700; glow #ffd@0.7 1250,330 1810,0; clouds #fff 20 300;
  mountains #9ac/#ccc #79a #ffe 400 760 0.16 -20,430 220,300 420,400 640,240 860,390 1080,300
  1330,410 1620,290; mountains #688/#ab9 #467 #fff 0 900 0.1 -20,420 130,360 330,520 560,600 800,700
  1000,640 1250,480 1430,380 1620,440; veil #8a8/#696 800 1067 0 255 255; clouds #ffe 520 900 190 2
  6 90; ground #575/#354 0.05 -20,560 160,600 330,740 520,880 760,960; ground #685/#354 0.05 840,960
  1060,900 1260,740 1430,620 1620,590; ~#dee/#6aa 770,880 830,880 860,930 900,970 820,1010 900,1090
  640,1090 700,1000 790,965 750,930; row 11 140 0 : pier 110,590 1 #dcb/#899; #eed -20,572 1620,572
  1620,592 -20,592; #333 -20,566 1620,566 1620,572 -20,572; row 3 -392 0 : wagon 980,567 0.92 #a43
  #267 | wagon 784,567 0.92 #da4 #674; #265 1176,559 1176,507 1189,503 1189,486 1243,486 1251,503
  1378,505 1393,520 1395,559; #eb4 1176,531 1395,534 1395,542 1176,540; #bdd 1195,492 1239,492
  1243,504 1195,504; #111 1184,555 1387,555 1380,567 1192,567; scatter 34 0.8 1.6 0 790 560 1090 :
  fir 0,0 1 #243; scatter 34 0.8 1.6 1040 790 1600 1090 : fir 0,0 1 #254; clouds #ffe 760 1010 110 2
  6 120
reservoir = veil #38b/#9cd/#fed 0 520; clouds #fff 20 330; mountains #aab/#dcb #89a #ffe 340 560
  0.16 -20,400 240,300 470,380 720,270 960,370 1200,290 1620,400; mountains #b97/#cb8 #876 #fff 0
  640 0.16 -20,450 300,400 600,460 900,420 1250,450 1620,400; #ddc/#aa9 520,520 1130,520 1110,752
  560,752; #677@0.35 532,580 1123,580 1110,752 560,752; row 9 62 0 : #888 560,520 570,520 569,750
  561,750 | #ccb 556,490 574,490 574,520 556,520; ground #b86/#754 0.05 -20,330 150,360 320,440
  470,530 570,620 640,760; row 12 -13 24 : ~2#543@0.35 -20,350 150,385 320,465 450,540 550,630
  590,700; ground #b86/#754 0.05 1040,760 1120,600 1230,500 1400,400 1620,340; row 12 13 24 :
  ~2#543@0.35 1100,690 1140,610 1240,515 1400,420 1620,365; #edc/#cb9 -20,660 590,660 640,760
  -20,760; #edc/#cb9 1092,660 1620,660 1620,760 1040,760; row 9 0 10 : 1.5#975@0.4 0,668 596,668 |
  1.5#975@0.4 1090,668 1600,668; water #5cc/#289/#156 750 1067 1.3 110 170 215; scatter 180 0.2 1 0
  754 1600 1060 : #fff@0.3 -24,-1 24,1; #045@0.5 1270,892 1390,914; #eed/#aa9 1304,900 1300,570
  1360,570 1356,900; #234@0.3 1334,900 1334,570 1360,570 1356,900; row 7 0 44 : #b53 1310,582
  1322,582 1322,604 1310,604; #ccb 1290,554 1370,554 1370,570 1290,570; #b53 1296,554 1296,500
  1364,500 1364,554; #732 1288,500 1330,470 1372,500; row 2 30 0 : #bde 1306,510 1324,510 1324,538
  1306,538
cotton-field = veil #38b/#9cd/#feb/#fc8 0 540; glow #ffc 340,470 960,0; #ffe 304,416 376,488; clouds
  #fff 20 380; ground #cb9/#ba7 0.03 -20,505 400,490 800,500 1200,485 1620,500; scatter 18 1 1 -10
  528 420 536 : poplar 0,0 0.9 #564 #784 #aa5; scatter 44 1 1 600 528 1610 536 : poplar 0,0 0.9 #564
  #784 #aa5; veil #fda 420 540 0 120 60; veil #864/#643/#432 528 1067; furrows 860,528; woman
  1120,720 1.2 #a34 #fd8; woman 700,660 0.85 #268 #ffe; woman 560,800 1.7 #c72 #b33; woman 1250,640
  0.7 #548 #eb4; row 2 -550 80 : crown 14 0.5 #342 #784 1120,718 1150,735 | crown 12 0.5 #dcb #fff
  1160,700 1186,720
mountain-road = veil #38b/#8bd/#eed 0 560; clouds #fff 10 330; mountains #78a/#bcb #468 #fff 380 640
  0.16 -20,420 180,260 400,390 640,180 820,330 1000,260 1240,120 1440,300 1620,220; clouds #fff 330
  560 150 2 7 115; mountains #797/#896 #575 #fff 0 760 0.07 -20,470 300,440 560,500 830,380 1060,440
  1330,480 1620,400; ground #895/#573 0.04 -20,640 300,600 700,540 900,470 1100,520 1400,600
  1620,590; clouds #ab5 480 1067 150 5 16; clouds #463 560 1067 150 4 9 130; road -2,14 1.001
  #342@0.5; road 0,0 1 #cb9; road 4,2 0.9965 #666/#555; ~2#ffd@0.8 1285,869 1367,820 1210,778
  819,751 493,724 388,693 536,664 852,646 1093,628; lorry 640,746 0.62 #b43 #dcb; lorry 850,643
  -0.26 #258 #cca; row 7 74 0 : #ffe 700,777 705,777 705,758 700,758 | #b43 700,762 705,762 705,758
  700,758; scatter 26 0.5 1.7 0 640 240 1050 : fir 0,0 1 #243; scatter 14 0.5 1.7 1450 640 1600 1050
  : fir 0,0 1 #254; grass #352@0.5 600 1000 1100 30
border-post = veil #48a/#acd/#fec 0 600; clouds #fff 20 360; mountains #89a/#ccb #678 #fff 400 640
  0.16 -20,430 180,330 380,410 560,260 760,390 980,280 1180,390 1400,250 1620,380; mountains
  #a97/#ba8 #776 #fff 0 690 0.08 -20,560 300,500 620,570 1000,520 1300,560 1620,480; ground
  #ba7/#875 0.01 -20,652 800,640 1620,648; clouds #dc8 640 1067 140 6 26 115; #666/#445 560,640
  640,640 1240,1067 -120,1067; #ddb 566,640 569,640 -60,1067 -84,1067; #ddb 631,640 634,640
  1204,1067 1180,1067; row 34 46 0 : 3#555 0,688 0,618; row 4 0 14 : 1.5#566 0,626 540,626 | 1.5#566
  700,626 1600,626; lorry 250,728 0.7 #b43 #676; lorry 20,740 0.8 #368 #cba; row 2 500 0 : #788/#566
  820,560 834,560 834,750 820,750; #eed/#ccb 760,504 1420,504 1390,560 790,560; #267 760,504
  1420,504 1416,520 764,520; #223@0.25 860,792 1030,786 1070,778 1130,800 940,850; #eed/#ccb 880,786
  1030,786 1030,636 880,636; #ccb/#a98 1030,786 1070,778 1070,644 1030,636; #732 870,636 1038,636
  1080,642 1074,626 900,618; #478/#9cc 894,658 972,658 972,724 894,724; #433 986,786 1020,786
  1020,674 986,674; 6#444 1395,730 1413,480; 6#444 1495,730 1477,480; 3#444 1398,670 1486,540; 3#444
  1492,670 1404,540; #dcb/#ba9 1390,480 1500,480 1500,400 1390,400; #589 1400,418 1490,418 1490,454
  1400,454; #732 1376,400 1514,400 1445,358; person 800,828 1.28 #454 #232; lorry 60,880 1.7 #da3
  #ccc; #bba/#876 1182,900 1182,780 1218,780 1218,900; row 9 -92 4 : #d32 1200,791 1154,793 1154,809
  1200,811 | #ffe 1154,793 1108,795 1108,811 1154,813
parliament = veil #36a/#9bd/#fdc/#fca 0 660; clouds #fee 10 380; mountains #9ac/#dcc #78b #fff 420
  660 0.16 -20,400 200,310 420,390 640,280 820,380 1040,270 1260,380 1450,300 1620,390; veil #fdb
  440 660 0 160; veil #684/#473 630 800; row 38 44 0 : crown 20 0.36 #354 #464 #796 -20,630 26,570;
  ^#ddd/#bbb 800,480 1360,480 1360,700 800,700; ^#456/#899 800,504 1348,504 1348,674 800,674;
  ^#ffe/#edc 800,464 1376,464 1376,490 800,490; row 20 28 0 : #ffe/#ccb 248,490 260,490 260,674
  248,674 | #ffe/#ccb 808,490 820,490 820,674 808,674; ^#ffe/#ccb 800,400 1100,400 1100,700 800,700;
  ^#345/#788 800,420 1086,420 1086,670 800,670; ^#edc 800,350 980,350 980,370 800,370; ^#fed/#cba
  800,370 1116,370 1116,404 800,404; row 3 0 62 : 3#ddc@0.4 512,480 1088,480; row 17 34 0 :
  #fff/#ddc 519,404 537,404 537,670 519,670 | #889@0.5 531,404 537,404 537,670 531,670; ^#cba/#eed
  800,670 1130,670 1220,700 800,700; ^#ddc/#ba9 800,700 1220,700 1270,728 800,728; 4#888 800,352
  800,230; ~#c33/#922 800,232 830,226 860,236 892,230 892,280 860,286 830,276 800,282; ^#dcb/#ba9
  800,728 1270,728 1360,790 800,790; row 2 1280 0 : fir 160,742 2.3 #254 | fir 60,770 2.9 #243 | fir
  250,734 1.8 #254; row 2 904 0 : lamp 348,778 1.3 #445 #ffd; person 700,776 0.42 #345 #222; woman
  724,776 0.42 #834 #322; person 930,776 0.42 #564 #fee; #edc 0,786 1600,786 1600,796 0,796; water
  #69c/#368/#146 796 1067 1 70 120 190; scatter 110 0.2 1 0 800 1600 1060 : #fff@0.35 -24,-1 24,1
school-yard = veil #49c/#ade/#fec 0 520; clouds #fff 10 330; mountains #abc/#ddc #89b #ffe 350 540
  0.16 -20,380 300,300 560,370 860,280 1160,360 1620,290; veil #ca6/#a85 530 670; row 17 100 0 :
  poplar 10,564 4 #a72 #d93 #ec5; #fec/#ec9 210,330 1390,330 1390,660 210,660; #b64/#843 180,326
  250,252 1350,252 1420,326; #fff 194,316 1406,316 1406,336 194,336; #ab9/#899 210,616 1390,616
  1390,660 210,660; row 13 88 0 : window 244,372 1; row 6 88 0 : window 244,500 1 | window 860,500
  1; ^#278 800,510 852,510 852,660 800,660; ^#8bb/#cdd 803,520 844,520 844,652 803,652; ^#ffe/#dca
  800,484 890,484 890,504 800,504; row 2 150 0 : #cb8 720,504 730,504 730,660 720,660; ^#dcb 800,660
  880,660 896,680 800,680; #224@0.14 830,330 1390,330 1390,660 930,660; veil #cb9/#a97/#876 660
  1067; clouds #edb 660 1067 130 8 22 115; 6#ffe 420,720 1180,720 1420,1010 180,1010 420,720; #ffe
  665,812 935,904; #ba8 671,816 929,900; 5#ffe 302,865 1298,865; 10#566 250,900 252,570 300,556;
  #fff/#ddc 300,470 322,460 322,600 300,590; #e63 316,574 366,574 366,579 316,579; #fff@0.7 320,579
  362,579 354,624 330,624; scatter 170 0.3 1 0 680 1600 1060 : #d93@0.8 -9,-4 9,4; scatter 90 0.3 1
  0 680 1600 1060 : #b63@0.8 -9,-4 9,4; row 2 480 -10 : pupil 560,800 1.2 #fff #221 #d43 | pupil
  640,808 1.12 #247 #211 #ea3; pupil 1130,905 1.5 #247 #111 #d43; pupil 420,930 1.56 #fff #211 #278;
  #d73 724,830 756,862
desert-boulevard = veil #38c/#acd/#fec/#fda 0 600; glow #ffd@0.9 800,560 1420,0; clouds #ffe 20 340;
  mountains #ca9/#eca #a88 #fff 0 600 0.12 -20,500 240,430 460,480 700,400 960,480 1180,420 1400,480
  1620,410; veil #fdb 480 600 0 190; veil #edb/#cb8 590 1067; avenue 9 0.6 800,590 : block 0,0 1;
  #ccb/#aa9 790,590 810,590 1500,1067 100,1067; avenue 1 1 800,590 : #fed 3,0 4,0 348,477 320,477 |
  #ffe 9,0 10,0 740,477 688,477; avenue 14 0.45 800,590 : #ffe 145,260 158,260 128,210 117,210;
  avenue 12 0.35 800,590 : crown 30 0.4 #354 #574 #895 700,150 755,250 | lamp 560,240 5 #ffe #fff |
  #445@0.2 560,240 568,240 800,280 790,282; glow #fdb@0.9 800,570 1100,0; woman 1130,930 1.5 #d73
  #ffe; 4#753 1148,850 1196,936; #b83 1188,930 1210,924 1222,942 1182,944
yurt-camp = veil #347/#76a/#e98/#fc9 0 600; glow #fea 1150,520 1790,0; scatter 90 1.4 0.6 0 0 1600
  240 : #fff@0.7 -1,-1 1,1; clouds #fba 120 480 190 2 9; mountains #669/#c99 #448 #fdc 400 640 0.16
  -20,420 180,290 380,400 580,230 780,370 980,300 1180,420 1400,280 1620,370; mountains #558/#878
  #346 #fff 0 690 0.1 -20,520 240,440 520,540 800,480 1080,560 1360,470 1620,540; veil #fb9 540 680
  0 110 0; ground #675/#464 0.03 -20,640 400,600 800,650 1200,610 1620,640; ground #564/#243 0.03
  -20,730 300,700 700,740 1100,700 1620,730; clouds #9a5 640 1067 120 5 18 115; ~#fca/#88a/#468
  1330,640 1240,690 1330,740 1150,820 1250,920 1060,1080 1420,1080 1420,920 1260,820 1390,745
  1270,690 1345,640; camp 980,690 0.6; camp 1080,704 0.66; camp 640,730 1.1; camp 820,770 1.5; camp
  380,830 2.5; woman 560,850 1.1 #a34 #ffe; person 600,852 1.18 #235 #ffe; horse 1010,840 1 #321;
  horse 1160,780 -0.74 #642; horse 760,900 -1.3 #853; horse 1480,800 -0.84 #211; grass #232@0.6 900
  860 1100 40; grass #895@0.5 500 840 1090 34; scatter 120 0.4 1 0 800 1600 1060 : #feb@0.8 -4,-4
  4,4
observatory = veil #060a1e/#0f1c48/#347/#868/#ea7 0 860; trails 105 520,330; veil #ea8 560 860 0 60
  190; mountains #448/#879 #336 #cbc 660 840 0.16 -20,690 200,600 420,680 640,590 860,690 1100,610
  1340,700 1620,600; mountains #335/#446 #224 #fff 0 900 0.1 -20,760 260,720 520,780 820,730
  1100,790 1620,720; ground #12152e/#070914 0.05 -20,930 200,880 480,900 760,850 1000,835 1240,850
  1400,890 1620,880; glow #fb7@0.35 1060,700 1390,0; ^#bbc/#557 1060,730 1180,730 1186,860 1060,860;
  ^~#eee/#88a 1060,580 1120,588 1172,640 1188,710 1188,736 1060,740; ^#88a 1060,726 1194,726
  1194,744 1060,744; ~#113@0.4 1080,582 1120,588 1172,640 1188,710 1188,736 1100,738 1110,660; #112
  1026,582 1054,578 1062,710 1016,710; #fc8 1033,600 1048,594 1054,704 1024,704; row 2 80 0 : #fd8
  1000,780 1024,780 1024,810 1000,810; ^#88a/#446 1330,826 1386,826 1388,890 1330,890; ^~#ccd/#668
  1330,754 1364,760 1388,800 1390,830 1330,830; #113 1316,756 1330,754 1334,810 1312,810;
  #1a1c38/#0f1126 760,868 760,812 850,812 880,798 910,812 910,868; row 2 42 0 : #fc8 778,828 796,828
  796,848 778,848; person 930,870 0.62 #0f1228 #0c0e20; ground #05070f/#030409 0.05 -20,1010 400,960
  800,980 1200,950 1620,1000; scatter 18 1.2 2.4 -10 1000 420 1060 : fir 0,0 1 #05070f; scatter 12
  1.2 2.4 1380 1000 1620 1060 : fir 0,0 1 #05070f
port-cranes = veil #258/#88a/#fa7/#fd8 0 640; glow #ffb 1080,560 1840,0; #ffe 1028,496 1132,600;
  clouds #fdb/#fa8 60 560 220 2 9; ground #a89/#b99 0.04 -20,628 300,604 620,626 900,642; ground
  #b89/#b99 0.04 1200,642 1450,622 1620,612; veil #879 640 690; stack 0,600 1.1; stack 210,600 1;
  stack 400,600 1.1; #335/#224 0,600 640,600 640,690 0,690; crane 110,600 2.3 #546 #fd8; crane
  300,600 3 #435 #fd8; crane 520,600 3.7 #224 #fd8; stack 750,612 1.15; stack 945,612 1.15;
  #334/#223 730,684 700,610 1340,610 1290,684; #a43/#633 722,662 730,684 1290,684 1304,662;
  #edd/#a99 1160,610 1160,500 1180,500 1180,476 1250,476 1250,500 1270,500 1270,610; row 3 0 28 :
  #545 1168,512 1262,512 1262,524 1168,524; #a43 1278,610 1278,530 1310,530 1310,610; 2#334 721,610
  721,540; water #ea7/#768/#236 684 1067 1.8 40 110 210; scatter 200 0.2 1.2 900 690 1260 1060 :
  #ffc@0.6 -24,-1 24,1; scatter 140 0.2 1.2 0 690 1600 1060 : #fda@0.25 -24,-1 24,1; ~#112 330,850
  310,824 540,816 516,850; #edc 380,822 380,786 440,786 454,820; #456 390,794 432,794 438,808
  390,808; 3#112 414,786 414,720; row 3 60 -30 : 2.5#335 778,305 790,310 802,304
apricot-orchard = veil #49c/#ade/#fed 0 560; clouds #fff 10 330; mountains #79b/#ccc #57a #fff 400
  600 0.16 -20,380 160,260 360,370 580,190 780,340 1000,230 1220,360 1420,240 1620,350; mountains
  #9a8/#bb9 #798 #fff 0 640 0.07 -20,520 300,440 640,520 1000,450 1300,520 1620,450; clouds #fff 470
  620 130 2 7 115; scatter 16 1 1.6 0 606 1600 614 : poplar 0,0 1 #796 #9a6 #cc8; #ca7/#a75 0,590
  1600,584 1600,640 0,640; #eb9 0,586 1600,580 1600,588 0,594; veil #9b5/#694/#473 630 1067; clouds
  #cc6 640 1067 140 6 20 112; ~#543@0.5 780,630 808,630 880,800 1000,1100 600,1100 715,800;
  ~#dee/#7bc/#379 790,630 800,630 850,800 960,1100 640,1100 740,800; avenue 9 0.55 800,620 : apricot
  1150,330 1 | apricot 750,330 1 | apricot 340,330 1; scatter 400 0.3 1 0 660 1600 1060 : #fee@0.85
  -4,-2 4,2; grass #363@0.5 700 880 1100 30; woman 620,860 1.5 #36a #d43
"""
DRAWINGS = dict(block.split(" = ") for block in re.split(r"\n(?=\S)", DRAWN.strip()))


def mix(one, other, share):
    """Blend two colours; share is the weight of the second."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def smooth(points, closed=True):
    """Round an outline by cutting its corners, three times over."""
    for _ in range(3):
        pairs = pairwise([*points, points[0]] if closed else [points[0], *points, points[-1]])
        points = [[p + (q - p) * t for p, q in zip(a, b)] for a, b in pairs for t in (0.25, 0.75)]
    return points


def ramp(values, size, mode="RGB"):
    """Run smoothly through values from top to bottom of an area."""
    strip = Image.new(mode, (1, len(values)))
    strip.putdata(values)
    return strip.resize((1, size[1]), SMOOTH).resize(size)


class Canvas:
    """A picture in the making; it knows the verbs a drawing may use."""

    def __init__(self, seed, size=(W, H)):
        self.rng, self.image = Random(seed), Image.new("RGB", size)

    def draw(self, text, x=0.0, y=0.0, scale=1.0):
        """Carry out a drawing, moved and scaled."""
        for part in text.split(";"):
            head, _, rest = part.partition(":")
            verb, *words = head.split()
            points = [[float(n) for n in word.split(",")] for word in words if "," in word]
            points = [(x + a * scale, y + b * abs(scale), *more) for a, b, *more in points]
            if rest:
                for dx, dy, size in getattr(self, verb)(
                    *map(float, " ".join(words).replace(",", " ").split())
                ):
                    self.draw(
                        rest.replace("|", ";"), x + dx * scale, y + dy * abs(scale), size * scale
                    )
            elif "#" in verb:
                flags, style = verb.split("#", 1)
                width = float(flags.strip("~^") or 0) * abs(scale)
                if "^" in flags:
                    points += [(2 * points[0][0] - a, b) for a, b in points[::-1]]
                self.shapes(
                    [smooth(points, not width) if "~" in flags else points], "#" + style, width
                )
            elif verb in DRAWINGS:
                size, *tones = words[1:]
                self.draw(DRAWINGS[verb].format(*tones), *points[0], float(size) * scale)
            else:
                rest = [word if "#" in word else float(word) for word in words if "," not in word]
                getattr(self, verb)(*rest, *points)

    def row(self, count, dx, dy, chance=1.0):
        places = [(i * dx, i * dy, 1) for i in range(int(count))]
        return [place for place in places if self.rng.random() < chance]

    def avenue(self, count, step, x, y):
        """Give places on both sides of a way to a vanishing point, the farthest first."""
        return [(x, y, s / (1 + i * step)) for i in range(int(count) - 1, -1, -1) for s in (-1, 1)]

    def scatter(self, count, small, large, x0, y0, x1, y1):
        """Give places by chance in a box, larger towards its lower edge."""
        near = sorted(self.rng.random() for _ in range(int(count)))
        size = [(t, small + (large - small) * t * self.rng.uniform(0.7, 1.1)) for t in near]
        return [(self.rng.uniform(x0, x1), y0 + (y1 - y0) * t, s) for t, s in size]

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
        pen, extra = ImageDraw.Draw(mask), {}
        if width:
            extra = {"width": max(1, round(width * fine)), "joint": "curve"}
        draw = pen.line if width else pen.polygon if many[0][2:] else pen.ellipse
        for points in many:
            points = [((x - left) * fine, (y - top) * fine) for x, y in points]
            draw(
                points if points[2:] or width else [*map(min, *points), *map(max, *points)],
                255,
                **extra,
            )
        self.paint(mask.reduce(fine), (left, top, left + wide, top + high), style)

    def noise(self, across, down):
        """Make cloudy grey noise with so many cells across and down."""
        total = None
        for octave in range(4):
            cells = (int(across) << octave, int(down) << octave)
            layer = Image.frombytes("L", cells, self.rng.randbytes(cells[0] * cells[1]))
            layer = layer.resize((400, 267), SMOOTH)
            total = Image.blend(total, layer, 1 / (2 ** (octave + 1) - 1)) if total else layer
        return ImageOps.autocontrast(total).resize(self.image.size, SMOOTH)

    def veil(self, style, top, bottom, *strengths, noise=None):
        """Wash a band with strengths (0 to 255, top to bottom), broken up by noise."""
        box = (0, int(top), self.image.width, int(bottom))
        mask = ramp([int(s) for s in strengths or (255,)], (box[2], box[3] - box[1]), "L")
        self.paint(ImageChops.multiply(mask, noise.crop(box)) if noise else mask, box, style)

    def clouds(self, style, top, bottom, strength=200, across=3, down=9, cover=110):
        """Spread patches over a band: long ones are clouds, small ones wear the ground."""
        noise = self.noise(across, down).point(lambda v: max(0, min(255, round(v - cover) * 3)))
        self.veil(style, top, bottom, 0, strength, strength, 0, noise=noise)

    def glow(self, style, centre, edge):
        """Shine softly around a point."""
        mask = Image.radial_gradient("L").point(lambda v: round(max(0, 1 - v / 178) ** 2 * 255))
        (x, y), r = centre, round(abs(edge[0] - centre[0])) + 1
        box = (round(x) - r, round(y) - r, round(x) + r, round(y) + r)
        self.paint(mask.resize((2 * r, 2 * r)), box, style)

    def crag(self, line, rough=0.16, depth=6, sideways=0.0):
        """Break a line up by midpoint displacement."""
        for _ in range(depth):
            broken = [line[0]]
            for (x0, y0), (x1, y1) in pairwise(line):
                reach = math.hypot(x1 - x0, y1 - y0) * rough
                dx, dy = self.rng.uniform(-reach, reach), self.rng.uniform(-reach, reach)
                broken += [((x0 + x1) / 2 + dx * sideways, (y0 + y1) / 2 + dy), (x1, y1)]
            line = broken
        return line

    def ground(self, style, rough, *line, foot=H):
        """Fill everything below a broken line; return the line."""
        edge = self.crag(line, rough)
        self.shapes([[*edge, (edge[-1][0], foot), (edge[0][0], foot)]], style)
        return edge

    def mountains(self, rock, shade, snow, snowline, foot, rough, *line):
        """Paint a range lit from the left: rock, snow above a line, shadowed right faces."""
        edge, rng = self.ground(rock, rough, *line, foot=foot), self.rng
        heights = [y for _, y in edge]

        def facets(places, tall, style):
            """Draw narrow facets running down the slope."""
            many = []
            for i, y in places:
                fall = (heights[min(i + 20, len(edge) - 1)] - heights[max(i - 20, 0)]) / 120
                w, x = rng.uniform(5, 22), edge[i][0]
                h, lean = w * tall * rng.uniform(0.5, 1.3), max(-0.8, min(0.8, fall))
                middle, end = x + lean * h / 2, (x + lean * h, y + h)
                facet = [
                    (x, y),
                    (middle + w / 2, y + h / 2),
                    end,
                    (middle - w / 3, y + h / 2),
                    (x, y),
                ]
                many.append(self.crag(facet, 0.15, 1, 1))
            self.shapes(many, style)

        if snowline:
            low = self.crag([(x, snowline) for x, _ in line], 0.3)
            low = [max(y + 2, z + (snowline - y) * 0.2) for y, (_, z) in zip(heights, low)]
            self.shapes([edge + [(x, y) for (x, _), y in zip(edge, low)][::-1]], snow)
            facets([(i, low[i] - 25) for i in range(0, len(edge), 2)], 3.6, snow)
        spread = rng.choices(range(len(edge)), k=130)
        facets(
            [(i, heights[i] + 15 + (foot - heights[i]) * rng.random() ** 1.5) for i in spread],
            4,
            shade + "@0.28",
        )
        for reach, alpha in ((24, 0.72), (9, 0.5), (3, 0.4)):
            faces = []
            for i in range(1, len(edge) - 2):
                if heights[i] <= min(heights[max(0, i - reach) : i + reach + 1]):
                    j = max(range(i, min(len(edge), i + reach * 2)), key=heights.__getitem__)
                    (x, y), (vx, vy) = edge[i], edge[j]
                    base = (
                        x + (vx - x) * rng.uniform(0.1, 0.6),
                        y + (vy - y) * rng.uniform(1.5, 2.4) + 10,
                    )
                    sides = [self.crag([p, base], 0.13, 4, 1) for p in ((x, y), (vx, vy))]
                    faces.append([*edge[i : j + 1], *sides[1], *sides[0][::-1]])
            if faces:
                self.shapes(faces, f"{shade}@{alpha}")

    def water(self, style, top, bottom, sway, *strengths):
        """Mirror what stands above a waterline into rippled, tinted water below it."""
        for row in range(int(top), int(bottom)):
            depth = row - int(top)
            ripple = sway * (math.sin(26 * math.log(depth + 14)) + self.rng.gauss(0, 0.45))
            source = int(top) - 2 - int(depth * 0.92 + ripple * (1 + depth / 40))
            source = max(0, min(int(top) - 2, source))
            strip = self.image.crop((0, source, W, source + 1))
            self.image.paste(ImageChops.offset(strip, round(ripple * depth / 90), 0), (0, row))
        self.veil(style, top, bottom, *strengths)

    def grass(self, style, count, top, bottom, tall):
        """Draw blades, longer towards the viewer."""
        many = []
        for x, y, size in self.scatter(count, tall * 0.2, tall, 0, top, W, bottom):
            many.append([(x - 1, y), (x + size * self.rng.gauss(0.3, 0.3), y - size), (x + 2, y)])
        self.shapes(many, style)

    def crown(self, count, leaf, *rest):
        """Build foliage of clumps, dark below and light above left."""
        *tones, (x, y), (right, low) = rest
        rx, ry, rng = abs(right - x), abs(low - y), self.rng
        for i, tone in enumerate(tones):
            many = []
            for _ in range(int(count)):
                turn, far = rng.uniform(0, math.tau), rng.random() ** 0.5 * (1 - 0.15 * i)
                r = min(rx, ry) * leaf * rng.uniform(0.6, 1.2) * (1 - 0.2 * i)
                cx, cy = (
                    x + (math.cos(turn) * far - 0.1 * i) * rx,
                    y + (math.sin(turn) * far - 0.14 * i) * ry,
                )
                many.append([(cx - r, cy - r * 0.8), (cx + r, cy + r * 0.8)])
            self.shapes(many, tone)

    def furrows(self, end):
        """Sow rows of cotton that meet at a point on the horizon."""
        for i in range(60):
            t = (i / 60) ** 2
            y, s, gap = end[1] + 4 + t * 590, 1.5 + t * 38, 14 + t * 210
            row = [end[0] + k * gap + self.rng.gauss(0, s) * 0.2 for k in range(-40, 41)]
            row = [(x, y) for x in row if -60 < x < W + 60]
            bolls = [
                (x + self.rng.uniform(-s, s), y - s * self.rng.random() * 0.9) for x, y in row * 4
            ]
            for many, dx, dy, size, style in (
                (row, 0.2, 0.15, 1.2, "#33381f"),
                (row, 0, -0.25, 0.95, "#7f8a4a/#5a6a34"),
                (bolls, 0, 0, 0.2, "#cfc2ac"),
                (bolls, -0.05, -0.05, 0.14, "#fffdf4"),
            ):
                spots = [(x + dx * s, y + dy * s, s * size) for x, y in many]
                self.shapes(
                    [[(x - r, y - r * 0.7), (x + r, y + r * 0.7)] for x, y, r in spots], style
                )

    def trails(self, count, pole):
        """Turn the stars around the pole."""
        for tone in ("#ffffff@0.8", "#ffe9c4@0.6", "#bcd2ff@0.6", "#8fa8e0@0.5"):
            many = []
            for _ in range(int(count)):
                r, a = 14 + 1300 * self.rng.random() ** 0.7, self.rng.uniform(0, math.tau)
                turns = [a + k * 0.03 for k in range(21)]
                many.append([(pole[0] + r * math.cos(t), pole[1] + r * math.sin(t)) for t in turns])
            self.shapes(many, tone, 1.4)

    def jpeg(self):
        """Add a little grain against banding and give the finished file."""
        dust = Image.frombytes("L", self.image.size, self.rng.randbytes(math.prod(self.image.size)))
        dust, out = dust.point(lambda v: v * 7 // 256), io.BytesIO()
        dust = ImageChops.add(self.image, Image.merge("RGB", (dust,) * 3), 1, -3)
        dust.save(out, "JPEG", quality=88)
        return out.getvalue()


@dataclass(frozen=True)
class Picture:
    """What is said of a picture."""

    alt: str
    caption: str
    credit: str
    focal: tuple[float, float]
    alts: dict[str, str]
    captions: dict[str, str]


def draw(name):
    canvas = Canvas(name)
    canvas.draw(DRAWINGS[name])
    return canvas.jpeg()
