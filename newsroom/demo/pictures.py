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
person = #26252c -9,0 -2,0 -1,-48 -11,-48; #1d1c22 2,0 9,0 11,-48 1,-48; ~{0} -11,-36 -13,-62
  -15,-78 -8,-86 8,-86 15,-78 13,-62 12,-36; {0} -14,-80 -18,-62 -17,-42 -13,-42 -11,-62;
  #0c0c1c@0.35 2,-37 4,-84 12,-84 18,-62 17,-42 12,-42 11,-37; ^~#b98863 0,-102 6,-100 7,-90 4,-84
  0,-82; ^~{1} 0,-107 8,-105 9,-92 5,-97 0,-98
woman = ^~{0} 0,-86 8,-85 14,-78 12,-60 17,-4 0,-2; {0} -13,-80 -18,-60 -15,-44 -11,-46 -11,-62;
  ~#0c0c1c@0.3 2,-4 3,-85 12,-84 18,-60 14,-44 17,-5; ^~#c08f6a 0,-101 7,-99 7,-88 0,-83; ^~{1}
  0,-107 9,-104 11,-90 12,-74 4,-80 7,-94 0,-98
horse = {0} -40,0 -35,0 -28,-55 -42,-60; {0} -26,0 -21,0 -20,-50 -32,-50; {0} 22,0 27,0 34,-55
  20,-55; {0} 34,0 39,0 40,-55 28,-55; ~{0} -46,-58 -44,-84 0,-82 30,-92 60,-50 78,-18 66,-12 52,-34
  36,-50 0,-46; ~#120d0c@0.6 -42,-82 -54,-60 -52,-24 -46,-50
lorry = {1}/{0} 0,-100 205,-100 205,-18 0,-18; #24242a 0,-22 292,-22 292,-10 0,-10; ~{0} 216,-14
  216,-84 226,-90 262,-88 288,-48 290,-14; ~#b4cdd3 246,-80 260,-80 281,-50 246,-50; #17171b 14,-28
  42,0; #17171b 50,-28 78,0; #17171b 234,-28 262,0
yurt = #1d2a1c@0.4 -92,0 150,4 110,14 -60,12; ^{0}/#cfc4b2 0,-64 78,-62 84,-40 82,0 0,2;
  ^~{0}/#d8cfbe 0,-104 20,-102 52,-84 84,-58 0,-56; #2a2430@0.2 8,-103 24,-101 52,-84 78,-62 84,-40
  82,0 34,1 30,-58; ^#8d3b2f 0,-62 81,-58 82,-53 0,-56; ^#8d3b2f 0,-24 84,-24 84,-20 0,-20;
  ^~#5a3226 0,-108 18,-105 18,-98 0,-97; ^{1} 0,-48 15,-48 15,1 0,1
lamp = ^{0} 0,-100 0.9,-99 1.5,0 0,0; ^{0} 0,-98 13,-99 13,-98 0,-96; {1} 11,-98 16,-95; {1} -16,-98
  -11,-95
fir = #4a3d30 -2,0 2,0 2,-20 -2,-20; {0} 0,-55 21,-6 0,-9 -21,-6; {0} 0,-70 17,-22 0,-25 -17,-22;
  {0} 0,-86 13,-40 0,-43 -13,-40; {0} 0,-100 8,-62 0,-64 -8,-62; #c9d49a@0.22 0,-100 -8,-62 -3,-62
  -13,-40 -5,-41 -17,-22 -7,-23 -21,-6 0,-8
poplar = 3#4a3d30 0,0 0,-40; crown 60 0.45 {0} {1} {2} 0,-55 9,-10
boulder = ~#8d8778/#38363a -70,20 -60,-20 -20,-46 30,-40 66,-6 60,24; ~#16161c@0.4 10,26 8,-36
  40,-34 66,-6 60,24; ~#f3e9d4@0.3 -58,-14 -20,-44 24,-38 -10,-30
turbine = {0} -1.4,0 -0.7,-100 0.2,-100 0.2,0; {1} 0,0 0,-100 0.7,-100 1.4,0; {0} -0.8,-100.6
  2.6,-106.9 33,-142.7 33.5,-142.4 5.1,-104.9 0.8,-99.4; {0} 0.9,-100.4 4.7,-94.3 20.5,-50 20,-49.8
  1.7,-93.1 -0.9,-99.6; {1} -0.1,-99 -7.2,-98.8 -53.5,-107.2 -53.4,-107.8 -6.8,-102 0.1,-101; {1}
  -1.8,-102 1.8,-98
glacier-lake = veil #5d93b8/#a5c8d4/#f5e2c6/#f6cfa6 0 640; glow #fff0cf@0.8 320,420 940,0; clouds
  #fff8ec 40 330; mountains #9fb4c6/#d5d8d4 #86a0b8 #f6f4ee 540 660 0.16 -20,470 150,390 330,430
  520,320 700,420 900,330 1100,430 1350,350 1620,450; mountains #54697c/#8f9f9d #2f4560 #fbf8f2 400
  665 0.16 -20,430 160,250 330,380 520,170 690,330 850,500 950,490 1160,200 1300,330 1470,230
  1620,400; ~#f6f4ee/#cfe4e8/#9ccad6 790,440 800,490 740,560 740,610 660,668 1120,668 1080,610
  990,560 980,500 1010,430; ~#2f5f7c@0.22 1010,430 980,500 990,560 1080,610 1120,668 960,668 940,600
  890,500; ~3#55869c@0.5 850,480 830,520 800,570 800,610 740,664; ~2#55869c@0.35 880,480 860,520
  840,570 850,610 810,664; ~3#55869c@0.5 940,480 920,520 920,570 960,610 970,664; ~2#55869c@0.35
  910,480 890,520 880,570 905,610 890,664; ~2#55869c@0.35 965,480 950,520 950,570 1020,610 1040,664;
  scatter 60 1 0.8 670 655 1110 668 : 2#3f86a0@0.7 0,0 2,-14 6,-26; ground #6d6a58/#4b4a42 0.06
  -20,500 150,540 330,600 520,640 780,668; ground #655f50/#454540 0.06 960,668 1130,630 1300,570
  1620,480; clouds #ffffff 480 670 110 2 8 120; water #6cc3bb/#2a8f97/#12586c/#0d3d52 662 1067 1.2
  90 150 190 225; scatter 150 0.2 1 0 665 1600 990 : #f4fffb@0.4 -24,-1 24,1; ground #5d574c/#2c2b2a
  0.05 -20,900 200,905 420,950 640,1010 860,1080; scatter 36 0.1 0.5 0 945 330 1080 : boulder 0,0 1;
  scatter 16 0.2 0.5 330 1010 620 1080 : boulder 0,0 1; person 330,955 1.2 #b5402e #2f3340; 3#efe6d0
  356,958 352,830
steppe-wind = veil #2f6496/#7fb0c6/#efdcb0/#f6b982 0 730; glow #fff1c4 1130,640 1830,0; #fffbe6
  1088,596 1172,680; clouds #fff4e2/#fbd2a4 40 640 210 2 9; ground #c9a98f/#d6bb93 0.03 -20,660
  300,640 700,655 1200,630 1620,650; row 5 150 0 : turbine 70,690 1.6 #f0dcc4 #cdb4a0; row 3 140 0 :
  turbine 1260,690 -1.7 #f0dcc4 #cdb4a0; ground #b3945f/#c2a05c 0.03 -20,700 400,672 900,700
  1300,670 1620,690; turbine 860,735 3.3 #f7ecdc #bfb2a8; ground #a8843f/#b98f44 0.03 -20,740
  500,716 1000,745 1620,716; turbine 440,775 4.7 #faf4ea #aeb0b4; ground #8c7434/#6f6432 0.03
  -20,790 400,770 900,800 1620,770; turbine 1350,800 -6 #fbfaf6 #9aa0a8; clouds #e6bd62 770 1067 120
  6 30; horse 690,850 0.5 #4a2d1e; horse 770,862 0.56 #2e2220; horse 590,858 -0.54 #7a5434; grass
  #4f5428@0.5 900 800 1100 46; grass #7d7433@0.5 900 800 1100 46; grass #d9b658@0.5 900 800 1100 46;
  grass #f0d78c@0.5 700 800 1100 46
night-city = veil #070d26/#16224f/#44437a/#b0717a/#e39b72 0 640; scatter 150 2 0.5 0 0 1600 330 :
  #fff6e0@0.7 -1,-1 1,1; mountains #39406f/#6a5f88 #232b58 #c3bcd8 470 700 0.16 -20,480 160,380
  330,450 560,330 760,440 980,350 1180,440 1400,330 1620,450; clouds #e7a184 500 660 110 3 8;
  skyline #4a4774/#6b5c80 700 40 130 3; skyline #2b2f5c/#4a4568 760 60 210 4; skyline
  #171c40/#2c2c50 808 70 260 5; #141836 1123,800 1127,470 1133,470 1137,800; #141836 1114,550
  1144,550 1140,536 1120,536; #141836 1129,480 1129,380 1131,380 1131,480; glow #ff6a52 1130,382
  1176,0; veil #0a0f22 806 832; scatter 60 1 1 0 800 1600 812 : crown 16 0.4 #0c1228 #141c36 0,0
  34,36; row 16 106 0 : lamp 30,828 0.7 #0a0f22 #fff1cc | glow #ffcf7e@0.7 39,762 90,0 | glow
  #ffcf7e@0.7 21,762 72,0; water #141b3f/#0a0f2a 832 1067 2.2 50 150; scatter 90 0.3 1 0 836 1600
  1060 : #ffdca0@0.3 -24,-1 24,1
window = #fdfaf0 -5,-5 63,-5 63,83 -5,83; #2f7f8c -1,-1 59,-1 59,79 -1,79; #5d8fa6/#b8d6d8 3,3 55,3
  55,75 3,75; #f7f2e2@0.5 6,3 22,3 10,75 3,75; #2f7f8c 27,0 31,0 31,78 27,78
pier = {0} -70,0 70,0 70,10 52,15 34,30 22,52 17,84 19,420 -19,420 -17,84 -22,52 -34,30 -52,15
  -70,10; #1c2430@0.28 4,12 70,10 52,15 34,30 22,52 17,84 19,420 6,420
wagon = #1a1a1e 4,-14 206,-14 200,0 10,0; {0} 2,-78 102,-78 102,-16 2,-16; {1} 106,-78 206,-78
  206,-16 106,-16; #ffffff@0.16 2,-78 206,-78 206,-70 2,-70; #000000@0.14 2,-34 206,-34 206,-16
  2,-16
crane = {0} -36,0 -28,0 -10,-44 -16,-46; {0} 28,0 36,0 16,-46 10,-44; {0} -20,-22 20,-22 20,-19
  -20,-19; {0} -20,-48 22,-48 22,-42 -20,-42; {0} -18,-48 -18,-66 14,-66 16,-48; {1} 2,-62 11,-62
  12,-54 2,-54; {0} -4,-66 4,-66 2,-112 -2,-112; {0} 4,-60 10,-62 92,-140 90,-143; {0} -2,-112
  0,-115 91,-142 90,-140; {0} -1,-115 0,-111 -26,-64 -30,-66; {0} -30,-74 -18,-74 -18,-58 -30,-58;
  {0} 90,-141 91,-141 91,-54 90,-54; {0} 86,-56 96,-56 94,-48 88,-48
fruit = {0} -10,-10 10,10; #1a0c0c@0.3 -10,-10 10,10; {0} -9.5,-10 8.5,8; #fff6dc@0.5 -6,-7 -1,-3
pile = row 6 17.5 0 : fruit -44,0 1 {0} ; row 5 17.5 0 : fruit -35,-13 1 {0} ; row 4 17.5 0 : fruit
  -26,-26 1 {0} ; row 3 17.5 0 : fruit -17,-39 1 {0} ; row 2 17.5 0 : fruit -9,-52 1 {0} ; fruit
  0,-65 1 {0}
stall = #4a3426 2,0 8,0 8,300 2,300; row 4 60 0 : {0} 0,0 30,0 24,60 -8,60 | {1} 30,0 60,0 56,60
  24,60 | {0} -8,52 24,68 | {1} 24,52 56,68; #000000@0.3 -8,52 232,52 240,70 -8,70
bazaar = veil #6fb3c4/#bfdcd2/#f7e6bd 0 560; clouds #fff8e6 20 300; ^~#2f8f98/#15606e 860,70 905,80
  985,130 1045,215 1060,310 1060,380 860,380; ~#0d3a4a@0.3 905,380 912,80 985,130 1045,215 1060,310
  1060,380; row 5 40 0 : ~2#8fd3cf@0.5 780,370 785,250 820,120; ^#d2a468/#a97a48 860,372 1076,372
  1076,520 860,520; ^#2b7f8a 860,376 1076,376 1076,392 860,392; row 8 52 0 : ~#6b4a30 662,500
  662,440 678,410 694,440 694,500; #e3bb80/#b88a55 0,320 640,320 640,600 0,600; #c99a62/#8f6840
  1080,340 1600,340 1600,600 1080,600; #2b7f8a 0,330 640,330 640,350 0,350; #2b7f8a 1080,350
  1600,350 1600,368 1080,368; veil #3a2a24/#2a1e1c 540 1067; row 3 540 0 : stall -40,450 1.1 #b5392f
  #f2e3c6 | stall 230,450 1.1 #23707a #f2e3c6; row 2 1000 0 : stall -180,540 2 #d99a2b #8f2f2a |
  stall 320,540 2 #b5392f #f2e3c6; veil #2a1c1a 640 1067 0 200 200; woman 140,850 2.4 #7a2f4a
  #d9b44a; person 400,850 2.5 #39485c #f4efe4; woman 660,850 2.35 #2f6a5c #e8e0d0; person 930,850
  2.5 #6a5236 #22222a; woman 1200,850 2.4 #c06a3a #8f2f3a; woman 1450,850 2.3 #3b4a86 #e3a6a0; row 2
  760 0 : pile 70,770 1.7 #c9382e | pile 260,770 1.7 #e9c04a | pile 450,770 1.7 #7f9a3a | pile
  640,770 1.7 #8f2740; #7a5636/#2e1f16 0,786 1600,786 1600,1067 0,1067; row 2 1000 0 : pile -20,872
  2.4 #e8912e | pile 230,872 2.4 #e7d7a0 | pile 480,872 2.4 #b5502c | pile 730,872 2.4 #6f8f3a;
  #7a5636/#2e1f16 0,894 1600,894 1600,1067 0,1067; pile 60,1000 3.4 #e7d7a0; pile 420,1000 3.4
  #e8912e; pile 780,1000 3.4 #7f9a3a; pile 1140,1000 3.4 #8f2740; pile 1500,1000 3.4 #c9382e;
  #7a5636/#2e1f16 0,1032 1600,1032 1600,1067 0,1067; row 3 400 0 : #ffe9b4@0.07 300,0 420,0 180,1067
  -160,1067
railway = veil #5f94b5/#a9cbd2/#f3e6c8/#f5d5a8 0 700; glow #fff3d2@0.7 1250,330 1810,0; clouds
  #fffaf0 20 300; mountains #93aac0/#c9d2d0 #7590aa #f4f3ee 400 760 0.16 -20,430 220,300 420,400
  640,240 860,390 1080,300 1330,410 1620,290; mountains #6f8a8c/#a8b29a #4d6a74 #fff 0 900 0.1
  -20,420 130,360 330,520 560,600 800,700 1000,640 1250,480 1430,380 1620,440; veil #8fa883/#6f8f68
  800 1067 0 255 255; clouds #fdf4e2 520 900 190 2 6 90; ground #5f7a50/#3c5a44 0.05 -20,560 160,600
  330,740 520,880 760,960; ground #6d8452/#3f5c44 0.05 840,960 1060,900 1260,740 1430,620 1620,590;
  ~#d4e6e6/#6fa3ae 770,880 830,880 860,930 900,970 820,1010 900,1090 640,1090 700,1000 790,965
  750,930; row 11 140 0 : pier 110,590 1 #d9d0bd/#8f9490; #ece3cf -20,572 1620,572 1620,592 -20,592;
  #3a3a3e -20,566 1620,566 1620,572 -20,572; row 3 -392 0 : wagon 980,567 0.92 #a8442f #2f6a7c |
  wagon 784,567 0.92 #d9a441 #66734a; #2e6652 1176,559 1176,507 1189,503 1189,486 1243,486 1251,503
  1378,505 1393,520 1395,559; #e0b64c 1176,531 1395,534 1395,542 1176,540; #bcd3d8 1195,492 1239,492
  1243,504 1195,504; #1a1a1e 1184,555 1387,555 1380,567 1192,567; scatter 40 0.8 1.6 0 740 640 1090
  : fir 0,0 1 #27483c; scatter 40 0.8 1.6 960 740 1600 1090 : fir 0,0 1 #2f5544; clouds #f4f2e4 760
  1010 110 2 6 120
reservoir = veil #3f86b8/#9cc9da/#f2ecd6 0 520; clouds #ffffff 20 330; mountains #a3a9b4/#d3c8b6
  #8791a4 #f2efe8 340 560 0.16 -20,400 240,300 470,380 720,270 960,370 1200,290 1620,400; mountains
  #b09a7e/#c9b48e #8d7c6c #fff 0 640 0.16 -20,450 300,400 600,460 900,420 1250,450 1620,400;
  #d9d5c8/#a9a698 520,520 1130,520 1110,752 560,752; #6f7270@0.35 532,580 1123,580 1110,752 560,752;
  row 9 62 0 : #8b8a82 560,520 570,520 569,750 561,750 | #c9c5b8 556,490 574,490 574,520 556,520;
  ground #b58f62/#7c5c42 0.05 -20,330 150,360 320,440 470,530 570,620 640,760; row 12 -13 24 :
  ~2#5a4034@0.35 -20,350 150,385 320,465 450,540 550,630 590,700; ground #b58f62/#7c5c42 0.05
  1040,760 1120,600 1230,500 1400,400 1620,340; row 12 13 24 : ~2#5a4034@0.35 1100,690 1140,610
  1240,515 1400,420 1620,365; #eadfc4/#c9b58f -20,660 590,660 640,760 -20,760; #eadfc4/#c9b58f
  1092,660 1620,660 1620,760 1040,760; row 9 0 10 : #8f7658@0.3 0,668 596,668 598,670 0,670 |
  #8f7658@0.3 1090,668 1600,668 1600,670 1088,670; water #59c0c6/#1f8796/#0f5670 750 1067 1.3 110
  170 215; scatter 180 0.2 1 0 754 1600 1060 : #ffffff@0.3 -24,-1 24,1; #0f4a60@0.5 1270,892
  1390,914; #e9e5da/#a7a59c 1304,900 1300,570 1360,570 1356,900; #2c3a44@0.3 1334,900 1334,570
  1360,570 1356,900; row 7 0 44 : #b6523a 1310,582 1322,582 1322,604 1310,604; #c9c5ba 1290,554
  1370,554 1370,570 1290,570; #b6523a 1296,554 1296,500 1364,500 1364,554; #7e3226 1288,500 1330,470
  1372,500; row 2 30 0 : #bfe0e6 1306,510 1324,510 1324,538 1306,538
cotton-field = veil #3d7fb5/#9ccbd9/#fae3b4/#f9c88e 0 540; glow #fff0c4 340,470 960,0; #fffbe8
  304,416 376,488; clouds #fffaf0 20 380; ground #c6b79a/#b3a97c 0.03 -20,505 400,490 800,500
  1200,485 1620,500; scatter 18 1 1 -10 528 420 536 : poplar 0,0 0.9 #56683f #74824a #a39a58;
  scatter 44 1 1 600 528 1610 536 : poplar 0,0 0.9 #56683f #74824a #a39a58; veil #fbdfae 420 540 0
  120 60; veil #8a6a44/#6b4a30/#4a3122 528 1067; furrows 860,528; woman 1120,720 1.2 #a83a4a
  #f2d38a; woman 700,660 0.85 #2f6f8a #f4efe4; woman 560,800 1.7 #c77a2c #b5323a; woman 1250,640 0.7
  #5b4a8a #e9b44a; row 2 -560 80 : crown 14 0.5 #3b4223 #78843f 1120,718 1150,735 | crown 12 0.5
  #d8ccb6 #fffdf4 1160,700 1186,720
mountain-road = veil #3f7fb0/#8fbdd2/#e6e8d8 0 560; clouds #ffffff 10 330; mountains #7288a0/#b4c0bc
  #4c6684 #fbfaf6 380 640 0.16 -20,420 180,260 400,390 640,180 820,330 1000,260 1240,120 1440,300
  1620,220; clouds #ffffff 330 560 150 2 7 115; mountains #7c9070/#8fa06a #5a7260 #fff 0 760 0.07
  -20,470 300,440 560,500 830,380 1060,440 1330,480 1620,400; ground #86994f/#5d7a3d 0.04 -20,640
  300,600 700,540 900,470 1100,520 1400,600 1620,590; clouds #a9b45e 480 1067 150 5 16; clouds
  #46642f 560 1067 150 4 9 130; road 560,1150,330 640,1010,230 1180,900,150 1420,830,96 1240,772,74
  620,742,60 330,700,46 520,660,36 1010,640,30 1200,612,23 1060,586,18 760,572,15 650,550,12
  800,530,9 930,512,7 900,492,5; lorry 640,748 0.62 #b5402f #d8cdb4; lorry 850,643 -0.26 #2f5f86
  #c9c0a8; row 7 74 0 : #f4f0e4 700,775 705,775 705,756 700,756 | #b5402f 700,760 705,760 705,756
  700,756; scatter 26 0.5 1.7 0 640 240 1050 : fir 0,0 1 #27483c; scatter 14 0.5 1.7 1450 640 1600
  1050 : fir 0,0 1 #2f5544; grass #3f5a2a@0.45 1000 900 1100 30; grass #c3c274@0.5 500 900 1100 30
border-post = veil #4f86ad/#a9c9d2/#f4e7cc 0 600; clouds #ffffff 20 360; mountains #8797aa/#c2c4ba
  #62788f #faf8f2 400 640 0.16 -20,430 180,330 380,410 560,260 760,390 980,280 1180,390 1400,250
  1620,380; mountains #a39a78/#b7a981 #7d7a64 #fff 0 690 0.08 -20,560 300,500 620,570 1000,520
  1300,560 1620,480; ground #b5a274/#8d7a50 0.01 -20,652 800,640 1620,648; clouds #d8c48e 640 1067
  140 6 26 115; #5c5d60/#47484c 560,640 640,640 1240,1067 -120,1067; #d9d2b8 566,640 569,640
  -60,1067 -84,1067; #d9d2b8 631,640 634,640 1204,1067 1180,1067; avenue 12 0.6 600,640 : #e9e2c8
  -20,430 0,430 0,300 -14,300; row 34 46 0 : #4b4f52 0,688 0,618 3,618 3,688; row 4 0 14 :
  1.5#5b6064 0,626 520,626 | 1.5#5b6064 760,626 1600,626; lorry 30,720 0.7 #39608a #c9c2ae; lorry
  262,728 0.76 #b5402f #6d7f6a; lorry -70,860 1.7 #d9a032 #cfd4d2; #7d868a/#5d666c 820,560 834,560
  834,750 820,750; #7d868a/#5d666c 1320,560 1334,560 1334,750 1320,750; #e9e6dc/#c8c6bc 760,504
  1420,504 1390,560 790,560; #2f6a7c 760,504 1420,504 1416,520 764,520; #2a2a30@0.25 860,792
  1030,786 1070,778 1130,800 940,850; #efe9dc/#cfc8b6 880,786 1030,786 1030,636 880,636;
  #cdc4ae/#a89f8a 1030,786 1070,778 1070,644 1030,636; #7e3a2e 870,636 1038,636 1080,642 1074,626
  900,618; #4f7482/#9fc0c8 894,658 972,658 972,724 894,724; #4a3a30 986,786 1020,786 1020,674
  986,674; #4f4a44 1390,730 1400,730 1416,480 1410,480; #4f4a44 1500,730 1490,730 1474,480 1480,480;
  3#4f4a44 1398,670 1486,540; 3#4f4a44 1492,670 1404,540; #d8d0bc/#b5ab94 1390,480 1500,480 1500,400
  1390,400; #5f8490 1400,418 1490,418 1490,454 1400,454; #7e3a2e 1376,400 1514,400 1445,358; person
  800,828 1.28 #4a5a48 #2f3d34; #b9b2a0/#86806f 1182,900 1182,780 1218,780 1218,900; row 9 -92 4 :
  #d23b2c 1200,791 1154,793 1154,809 1200,811 | #faf6ec 1154,793 1108,795 1108,811 1154,813
parliament = veil #3a6ea5/#93bdd6/#f2dccb/#f3c9ac 0 660; clouds #fff3e6 10 380; mountains
  #94a5c0/#d9cfca #7d8fb4 #fbf6f2 420 660 0.16 -20,400 200,310 420,390 640,280 820,380 1040,270
  1260,380 1450,300 1620,390; veil #f3d3b8 440 660 0 160; veil #6f8f4a/#4f7038 630 800; row 38 44 0
  : crown 20 0.36 #34503c #4f6d48 #7f9560 -20,630 26,570; ^#f6f1e6/#cfc6b8 800,400 1100,400 1100,700
  800,700; ^#efe8da/#c4baab 1100,484 1360,484 1360,700 1100,700; ^#e6dac4 800,350 980,350 980,370
  800,370; ^#f1e7d4/#cdbfa8 800,370 1116,370 1116,404 800,404; ^#f9f5ec/#ddd5c8 1116,464 1376,464
  1376,490 1100,490; ^#3c4a5c/#7f8a92 800,420 1086,420 1086,670 800,670; ^#46566a/#8b959b 1116,504
  1348,504 1348,674 1116,674; row 3 0 62 : 3#dcd4c4@0.4 512,480 1088,480; row 17 34 0 :
  #fffdf6/#d8d0c0 519,404 537,404 537,670 519,670 | #8a8890@0.5 531,404 537,404 537,670 531,670; row
  9 28 0 : #f4eee2/#cfc6b6 1122,490 1134,490 1134,674 1122,674 | #f4eee2/#cfc6b6 248,490 260,490
  260,674 248,674; ^#bfb5a4/#e9e2d4 800,670 1130,670 1220,700 800,700; ^#ddd4c4/#b3a998 800,700
  1220,700 1270,728 800,728; 4#8a8a8c 800,352 800,230; ~#c23b34/#9c2a2c 800,232 830,226 860,236
  892,230 892,280 860,286 830,276 800,282; #d9cdbb/#b9ab98 330,728 1270,728 1360,790 240,790; fir
  160,742 2.3 #2f5544; fir 60,770 2.9 #27483c; fir 250,734 1.8 #2f5544; fir 1440,742 2.3 #2f5544;
  fir 1540,770 2.9 #27483c; fir 1350,734 1.8 #2f5544; row 2 904 0 : lamp 348,778 1.3 #4a4a50
  #fff6dc; person 700,776 0.42 #39445c #22222a; woman 724,776 0.42 #8f3a44 #3a2a22; person 930,776
  0.42 #5c6a4a #f2ece0; #e6dccb 0,786 1600,786 1600,796 0,796; water #6f9fc0/#35648f/#1f4468 796
  1067 1 70 120 190; scatter 110 0.2 1 0 800 1600 1060 : #fff4e4@0.35 -24,-1 24,1
school-yard = veil #4d92c4/#a9d2e0/#f6e6c6 0 520; clouds #ffffff 10 330; mountains #a7b6c8/#d4d4cc
  #8b9fb8 #f6f3ec 350 540 0.16 -20,380 300,300 560,370 860,280 1160,360 1620,290; veil
  #c2a765/#a98f58 530 670; scatter 17 3.6 4.2 -10 560 1610 566 : poplar 0,0 1 #a8772a #d39a34
  #edc45c; #f6e7c4/#e2c998 210,330 1390,330 1390,660 210,660; #b9653f/#8f4a32 180,326 250,252
  1350,252 1420,326; #fdf6e6 194,316 1406,316 1406,336 194,336; #a9b5ac/#8d9a94 210,616 1390,616
  1390,660 210,660; row 13 88 0 : window 244,372 1; row 6 88 0 : window 244,500 1 | window 860,500
  1; ^#2f7f8c 800,510 852,510 852,660 800,660; ^#8fb7bc/#cfe0d8 803,520 844,520 844,652 803,652;
  ^#fdf6e6/#d9c8a2 800,484 890,484 890,504 800,504; ^#c4b48f 870,504 880,504 880,660 870,660;
  ^#d8cbb0 800,660 880,660 896,680 800,680; #2a2440@0.14 830,330 1390,330 1390,660 930,660; veil
  #c9b893/#a8977a/#8f7f6a 660 1067; clouds #e6d8b4 660 1067 130 8 22 115; #4a3f52@0.3 0,660 1600,660
  1600,684 0,700; 6#fbf6e8 420,720 1180,720 1420,1010 180,1010 420,720; 5#fbf6e8 302,865 1298,865;
  #fbf6e8 665,812 935,904; #b3a385 671,816 929,900; 5#fbf6e8 665,865 935,865; #5b5f66 244,900
  246,570 300,552 300,560 254,582 256,900; #f7f3ea/#ddd8cc 300,470 322,460 322,600 300,590; #e06a32
  316,574 366,574 366,579 316,579; #f7f3ea@0.7 320,579 362,579 354,624 330,624; scatter 170 0.3 1 0
  680 1600 1060 : #d9992e@0.8 -9,-4 9,4; scatter 90 0.3 1 0 680 1600 1060 : #b5622a@0.8 -9,-4 9,4;
  row 2 480 -10 : pupil 560,800 1.2 #fbfaf4 #2a1f1a #d2452f | pupil 640,808 1.12 #2f4a7c #2a1c16
  #e0a32e; pupil 1130,905 1.5 #2f4a7c #1f1714 #d2452f; pupil 420,930 1.56 #fbfaf4 #2b1c18 #2f7f8c;
  pupil 830,752 0.92 #3f6a52 #2a1f1a #e0a32e; #d9742a 724,830 756,862
pupil = #3a2f4a@0.32 -8,0 8,0 100,26 84,30; person 0,0 1 {0} {1}; ~{2} -9,-80 9,-80 11,-52 -11,-52
block = #d8cdbc/#c9b79c 1080,-440 900,-366 900,200 1080,240; #fbf6ea/#e2d4ba 1080,-440 1900,-440
  1900,240 1080,240; #d9b45c 1070,-456 1900,-456 1900,-440 1070,-440; row 5 0 120 : row 4 130 0 :
  #6f97b0 1130,-390 1190,-390 1190,-310 1130,-310
desert-boulevard = veil #3f8cc0/#a5d0dc/#fbe9c8/#f8d3a2 0 600; glow #fff3d0@0.9 800,560 1420,0;
  clouds #fff8ea 20 340; mountains #c9a892/#e4c8a4 #ac8c84 #fff 0 600 0.12 -20,500 240,430 460,480
  700,400 960,480 1180,420 1400,480 1620,410; veil #f6dcb2 480 600 0 190; veil #e7d7b5/#cdb88c 590
  1067; avenue 9 0.6 800,590 : block 0,0 0.9; #cfc8ba/#a8a39c 790,590 810,590 1500,1067 100,1067;
  row 2 0 0 : ^#f6f1e2 803,590 804,590 1148,1067 1120,1067; ^#f9f4e6 809,590 810,590 1540,1067
  1488,1067; avenue 14 0.45 800,590 : #fdfaf0 300,500 330,500 270,400 245,400; avenue 12 0.35
  800,590 : crown 30 0.4 #3a5a3c #5a7a48 #8a9e5e 700,150 755,250 | lamp 560,240 5 #f4efe4 #fffdf2 |
  #4a4050@0.2 560,240 568,240 800,280 790,282; glow #f6dcb2@0.9 800,570 1100,0; woman 1130,930 1.5
  #d9742a #fbf6e8; 4#7a5a3a 1148,850 1196,936; #b5853f 1188,930 1210,924 1222,942 1182,944
yurt-camp = veil #2f3f7a/#7a6ea0/#e39b8c/#fbd09a 0 600; glow #ffe2a6 1150,520 1790,0; scatter 90 1.4
  0.6 0 0 1600 240 : #fff6e0@0.7 -1,-1 1,1; clouds #f7b9a0 120 480 190 2 9; mountains
  #6f6a98/#c99f9e #4c4c80 #f9d9cc 400 640 0.16 -20,420 180,290 380,400 580,230 780,370 980,300
  1180,420 1400,280 1620,370; mountains #575a80/#8a7a86 #3f4068 #fff 0 690 0.1 -20,520 240,440
  520,540 800,480 1080,560 1360,470 1620,540; veil #f3b795 540 680 0 110 0; ground #6f7a54/#4c6444
  0.03 -20,640 400,600 800,650 1200,610 1620,640; ground #59703f/#2f4a35 0.03 -20,730 300,700
  700,740 1100,700 1620,730; clouds #9aa357 640 1067 120 5 18 115; ~#f7c9a0/#8f88a8/#4f6288 1330,640
  1240,690 1330,740 1150,820 1250,920 1060,1080 1420,1080 1420,920 1260,820 1390,745 1270,690
  1345,640; camp 980,690 0.6; camp 1080,704 0.66; camp 640,730 1.1; camp 820,770 1.5; camp 380,830
  2.5; woman 560,850 1.1 #a83a4a #f6f0e4; person 600,852 1.18 #2f3a58 #f6f0e4; horse 1010,840 1
  #3a241c; horse 1160,780 -0.74 #6b4028; horse 760,900 -1.3 #8a5a38; horse 1480,800 -0.84 #221a1c;
  grass #22382a@0.6 900 860 1100 40; grass #8a9a54@0.5 500 840 1090 34; scatter 120 0.4 1 0 800 1600
  1060 : #f7e6b0@0.8 -4,-4 4,4
camp = glow #ffc870@0.6 0,-10 70,-10; yurt 0,0 1 #f7efe2 #ffd27a; ~#e9e2ea@0.25 -3,-108 -10,-150
  4,-190 -8,-230 12,-270 24,-230 14,-190 14,-150 5,-108; 0.6#d8cbb4@0.7 -50,-84 -110,0;
  0.6#d8cbb4@0.7 50,-84 110,0
observatory = veil #050a1f/#0f1c48/#2f3f78/#8a6f8f/#e0a07a 0 860; trails 105 520,330; veil #e6a684
  560 860 0 60 190; mountains #4a4a80/#8f7490 #333664 #c9b4c8 660 840 0.16 -20,690 200,600 420,680
  640,590 860,690 1100,610 1340,700 1620,600; mountains #2f3058/#4c4468 #20224a #fff 0 900 0.1
  -20,760 260,720 520,780 820,730 1100,790 1620,720; ground #12152e/#070914 0.05 -20,930 200,880
  480,900 760,850 1000,835 1240,850 1400,890 1620,880; glow #ffb070@0.35 1060,700 1390,0;
  ^#b9b4c4/#5b5a78 1060,730 1180,730 1186,860 1060,860; ^~#e9e4ea/#8a87a4 1060,580 1120,588 1172,640
  1188,710 1188,736 1060,740; ^#8f8ca8 1060,726 1194,726 1194,744 1060,744; ~#1c1c3a@0.4 1080,582
  1120,588 1172,640 1188,710 1188,736 1100,738 1110,660; #191a30 1026,582 1054,578 1062,710
  1016,710; #ffcf8a 1033,600 1048,594 1054,704 1024,704; row 2 80 0 : #ffd48a 1000,780 1024,780
  1024,810 1000,810; #1c1c38@0.4 1110,744 1180,744 1186,860 1110,860; ^#8a88a4/#454666 1330,826
  1386,826 1388,890 1330,890; ^~#c4c1d0/#6f6e8e 1330,754 1364,760 1388,800 1390,830 1330,830;
  #1c1c34 1316,756 1330,754 1334,810 1312,810; #1a1c38/#0f1126 760,868 760,812 850,812 880,798
  910,812 910,868; row 2 42 0 : #ffcf80 778,828 796,828 796,848 778,848; person 930,870 0.62 #0f1228
  #0c0e20; ground #05070f/#030409 0.05 -20,1010 400,960 800,980 1200,950 1620,1000; scatter 18 1.2
  2.4 -10 1000 420 1060 : fir 0,0 1 #05070f; scatter 12 1.2 2.4 1380 1000 1620 1060 : fir 0,0 1
  #05070f
port-cranes = veil #2f4f86/#8f8fae/#f0a67c/#fdd38e 0 640; glow #fff0b8 1080,560 1840,0; #fffbe6
  1028,496 1132,600; clouds #ffdcb0/#f4a884 60 560 220 2 9; veil #3a3550 640 690; ground
  #a88a94/#b3939a 0.04 -20,628 300,604 620,626 900,642; ground #b08f90/#b9979a 0.04 1200,642
  1450,622 1620,612; veil #8f8098 640 690; stack 0,600 1.1; stack 210,600 1; stack 400,600 1.1;
  #3a3550/#2b2a40 0,600 640,600 640,690 0,690; crane 110,600 2.3 #5b4a62 #ffd88a; crane 300,600 3
  #3f3650 #ffd88a; crane 520,600 3.7 #2a2740 #ffd88a; stack 750,612 1.15; stack 945,612 1.15;
  #3a2f44/#221f33 730,684 700,610 1340,610 1290,684; #a8432f/#6f2f30 722,662 730,684 1290,684
  1304,662; #e9ddd0/#a8979a 1160,610 1160,500 1270,500 1270,610; #e9ddd0/#a8979a 1180,500 1180,476
  1250,476 1250,500; row 3 0 28 : #5a4a5c 1168,512 1262,512 1262,524 1168,524; #a8432f 1278,610
  1278,530 1310,530 1310,610; #3a2f44 720,610 722,610 722,540 720,540; water #e9a878/#7f6f8f/#2f3a66
  684 1067 1.8 40 110 210; scatter 200 0.2 1.2 900 690 1260 1060 : #fff0c0@0.6 -24,-1 24,1; scatter
  140 0.2 1.2 0 690 1600 1060 : #ffd9a0@0.25 -24,-1 24,1; ~#1a1a2c 330,850 310,824 540,816 516,850;
  #e6dccb 380,822 380,786 440,786 454,820; #4a5a6a 390,794 432,794 438,808 390,808; 3#1a1a2c 414,786
  414,720; row 3 60 -30 : 2.5#3a3550 628,305 640,310 652,304
stack = row 4 46 0 : #7d4038 0,0 44,0 44,-22 0,-22 | #3f6474 0,-23 44,-23 44,-45 0,-45; row 3 46 0 :
  #a07a48 46,-46 90,-46 90,-68 46,-68; #5f6a4c 0,-46 44,-46 44,-68 0,-68; #3f5470 92,0 136,0 136,-22
  92,-22; #6d6474 46,-23 90,-23 90,-45 46,-45; row 2 46 0 : #8a4a55 46,-69 90,-69 90,-91 46,-91
apricot = #2f4a2c@0.4 -160,-20 220,30; ~#4f3a30/#6a5044 -20,6 -12,-60 -60,-170 -46,-180 0,-90
  40,-200 56,-194 16,-60 24,6; crown 40 0.26 {0} {1} {2} -95,-190 5,-115; crown 40 0.26 {0} {1} {2}
  95,-200 195,-120; crown 46 0.24 {0} {1} {2} 0,-260 125,-170
apricot-orchard = veil #4f94c8/#a8d3e2/#f3ecdc 0 560; clouds #ffffff 10 330; mountains
  #7f96b4/#c4cfd0 #5f7ca4 #ffffff 400 600 0.16 -20,380 160,260 360,370 580,190 780,340 1000,230
  1220,360 1420,240 1620,350; mountains #9aa98a/#b5bb94 #7f937e #fff 0 640 0.07 -20,520 300,440
  640,520 1000,450 1300,520 1620,450; clouds #ffffff 470 620 130 2 7 115; scatter 16 1 1.6 0 606
  1600 614 : poplar 0,0 1 #7f9560 #9fb070 #c4cb8a; #c9a274/#a37b50 0,590 1600,584 1600,640 0,640;
  #e0bf92 0,586 1600,580 1600,588 0,594; veil #9db35c/#6f9444/#4a7034 630 1067; clouds #c4cc6a 640
  1067 140 6 20 112; ~#5a4630@0.5 780,630 808,630 880,800 1000,1100 600,1100 715,800;
  ~#d8ecee/#7fb2c4/#3f7f96 790,630 800,630 850,800 960,1100 640,1100 740,800; avenue 9 0.55 800,620
  : apricot 1150,330 1 #c98a9a #f1c4cc #fff1f0 | apricot 750,330 1 #c98a9a #f1c4cc #fff1f0 | apricot
  340,330 1 #c98a9a #f1c4cc #fff1f0; scatter 400 0.3 1 0 660 1600 1060 : #fdeaec@0.85 -4,-2 4,2;
  grass #3c6230@0.5 700 880 1100 30; woman 620,860 1.5 #3b6a9a #d9483a
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
                    points += [(2 * x - a, b) for a, b in points[::-1]]
                self.shapes(
                    [smooth(points, not width) if "~" in flags else points], "#" + style, width
                )
            elif verb in DRAWINGS:
                size, *tones = words[1:]
                self.draw(DRAWINGS[verb].format(*tones), *points[0], float(size) * scale)
            else:
                rest = [word if "#" in word else float(word) for word in words if "," not in word]
                getattr(self, verb)(*rest, *points)

    def row(self, count, dx, dy):
        return [(i * dx, i * dy, 1) for i in range(int(count))]

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

    def skyline(self, style, base, low, high, size):
        """Raise a row of buildings with some of their windows lit."""
        x, lit = -30, []
        while x < W:
            wide, tall = self.rng.randint(60, 150), self.rng.randint(int(low), int(high))
            self.shapes(
                [[(x, base), (x, base - tall), (x + wide, base - tall), (x + wide, base)]], style
            )
            step = int(size * 3)
            lit += [
                (x + a, base - b)
                for a in range(8, wide - 8, step)
                for b in range(8, tall - 8, step + 2)
            ]
            x += wide + self.rng.randint(-4, 26)
        for tone in ("#ffd98a", "#ffc06a", "#fff0c8", "#bcd6f2"):
            some = [p for p in lit if self.rng.random() < 0.13]
            panes = [
                [(a, b), (a + size, b), (a + size, b + size * 1.3), (a, b + size * 1.3)]
                for a, b in some
            ]
            self.shapes(panes, f"{tone}@{0.3 + size / 12}")

    def road(self, *line):
        """Lay a winding road; every point has a width."""
        line = smooth(smooth(line, False), False)
        for style, share, sink in (
            ("#3d4a2c@0.8", 0.3, 0.1),
            ("#c2b795", 0.275, 0),
            ("#6f6e6c/#55565a", 0.24, 0),
        ):
            many = [(x, y + w * sink, w * share * 2, w * share * 0.85) for x, y, w in line]
            self.shapes([[(x - a, y - b), (x + a, y + b)] for x, y, a, b in many], style)
        for i in range(0, len(line) - 12, 26):
            self.shapes(
                [[(x, y) for x, y, _ in line[i : i + 12]]], "#f4efd8", max(0.8, line[i][2] * 0.022)
            )

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
